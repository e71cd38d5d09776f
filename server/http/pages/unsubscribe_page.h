// GET and POST /u/<token>: a customer does not want to be asked on a channel any more. Opening the page records
// nothing, since mail scanners open every link; the button on it does, and so does the request that mail programs send
// by themselves (RFC 8058: a POST of `List-Unsubscribe=One-Click`), which is answered alike.
//
// Works for suspended tenants, too: who wants to be left alone is. Thread-safe; blocks.
#ifndef CANVASS_SERVER_HTTP_PAGES_UNSUBSCRIBE_PAGE_H_
#define CANVASS_SERVER_HTTP_PAGES_UNSUBSCRIBE_PAGE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/http/pages/page_view.h"
#include "server/http/pages/visit.h"

namespace canvass::http {

// InvalidArgument (INVITATION_TOKEN_INVALID) for a bad token; NotFound (RESOURCE_NOT_FOUND) if the tenant is gone;
// errors of mysql::Database.
absl::StatusOr<PageReply> ShowUnsubscribe(const PageParts& parts, absl::string_view token,
                                          absl::string_view accept_language);

// The same. May be repeated.
absl::StatusOr<PageReply> Unsubscribe(const PageParts& parts, absl::string_view token,
                                      absl::string_view accept_language);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_PAGES_UNSUBSCRIBE_PAGE_H_
