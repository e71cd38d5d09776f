// Which draft keeps what a caller saves, and under which key its response is stored once.
//
// Pure.
#ifndef CANVASS_SERVER_RESPONSES_DRAFTS_PARTIAL_RESPONSE_ID_H_
#define CANVASS_SERVER_RESPONSES_DRAFTS_PARTIAL_RESPONSE_ID_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/base/ids.h"

namespace canvass::responses {

inline constexpr std::size_t kMaxRequestId = 128;

// InvalidArgument (INVALID_FIELD) at `request_id`.
absl::Status CheckRequestId(absl::string_view request_id);

// What can be stored once, 16 bytes: an answer to the invitation, or one with this request id.
std::string SingleUseKeyOf(const Uuid& invitation);
std::string SingleUseKeyOf(absl::string_view request_id);

// The draft of what is saved under a request id; an invitation's has the invitation's own id.
Uuid DraftOf(absl::string_view request_id);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_DRAFTS_PARTIAL_RESPONSE_ID_H_
