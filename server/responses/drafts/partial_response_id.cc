#include "server/responses/drafts/partial_response_id.h"

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/digest.h"
#include "server/base/error.h"

namespace canvass::responses {

absl::Status CheckRequestId(absl::string_view request_id) {
  if (request_id.size() <= kMaxRequestId) return absl::OkStatus();
  return FieldError(v1::ERROR_REASON_INVALID_FIELD, "request_id",
                    absl::StrCat("has ", request_id.size(), " bytes, of which it may have ", kMaxRequestId));
}

std::string SingleUseKeyOf(const Uuid& invitation) { return Digest16(absl::StrCat("i:", invitation.bytes())); }

std::string SingleUseKeyOf(absl::string_view request_id) { return Digest16(absl::StrCat("r:", request_id)); }

Uuid DraftOf(absl::string_view request_id) { return Uuid::FromBytes(Digest16(absl::StrCat("d:", request_id))); }

}  // namespace canvass::responses
