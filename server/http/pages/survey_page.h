// GET and POST /s/<token> and /s/<token>/<visit>: the survey, page by page, without scripts. A page that is sent is
// kept in the draft and answered with 303 to the next one, so reloading and going back are harmless; the last one
// submits the response.
//
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_HTTP_PAGES_SURVEY_PAGE_H_
#define CANVASS_SERVER_HTTP_PAGES_SURVEY_PAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/http/pages/answer_form.h"
#include "server/http/pages/page_view.h"
#include "server/http/pages/visit.h"

namespace canvass::http {

// Whether the draft of an invitation is begun when its page is opened: a HEAD request opens nothing.
enum class Opening { kNoted, kNotNoted };

// Errors of Visit::Begin and DraftStore.
absl::StatusOr<PageReply> ShowSurvey(const PageParts& parts, const SurveyRequest& request, Opening opening);

// The same, and those of ResponseIntake::Submit that trying again can mend.
absl::StatusOr<PageReply> TakePage(const PageParts& parts, const SurveyRequest& request, const Form& form);

// GET /s/<token>/qr.svg: the address of a link as a QR code. Errors as Visit::Begin, and NotFound
// (SURVEY_LINK_NOT_FOUND).
absl::StatusOr<PageReply> ShowQrCode(const PageParts& parts, absl::string_view token);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_PAGES_SURVEY_PAGE_H_
