// Page tokens (AIP-158): where the next page of a list starts, opaque to the caller and bound to the list call and the
// filter it was made by, so that a token of one list is refused by another.
//
//   CANVASS_ASSIGN_OR_RETURN(std::string after, DecodePageToken("ListSurveys", request.page_token()));
//   … read page_size + 1 rows behind `after` …
//   if (more) response.set_next_page_token(EncodePageToken("ListSurveys", last_id));
//
// Not a secret and not signed: a position names nothing outside the caller's own tenant, since every query says so.
#ifndef CANVASS_SERVER_BASE_AIP_PAGE_TOKEN_H_
#define CANVASS_SERVER_BASE_AIP_PAGE_TOKEN_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace canvass {

// `method_and_filter` names the list and whatever selects its rows, for example "ListDecisions trigger=x".
std::string EncodePageToken(absl::string_view method_and_filter, absl::string_view position);

// The position within `token`, empty for an empty token (the first page).
// InvalidArgument (INVALID_PAGE_TOKEN) if EncodePageToken did not make it for the same `method_and_filter`.
absl::StatusOr<std::string> DecodePageToken(absl::string_view method_and_filter, absl::string_view token);

// What DecodePageToken says of a bad token, for callers to whom the position is not one.
absl::Status InvalidPageToken();

// How many rows a page has: `page_size`, `default_size` for 0, at most `max_size`.
// InvalidArgument (INVALID_FIELD) at page_size if negative.
absl::StatusOr<int> PageSize(int page_size, int default_size, int max_size);

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_AIP_PAGE_TOKEN_H_
