#include "server/responses/response_name.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::responses {

absl::StatusOr<Uuid> ParseResponseName(const TenantScope& scope, absl::string_view field, const std::string& name) {
  CANVASS_ASSIGN_OR_RETURN(const std::string text, ParseChild(scope, "responses", field, name));
  absl::StatusOr<Uuid> id = Uuid::Parse(text);
  if (!id.ok()) return NoSuchResponse(absl::CHexEscape(text.substr(0, 100)));
  return id;
}

Uuid IdOf(const v1::Response& response) {
  const absl::string_view name = response.name();
  return Uuid::Parse(name.substr(name.rfind('/') + 1)).value_or(Uuid());
}

absl::Status NoSuchResponse(absl::string_view id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESPONSE_NOT_FOUND,
               absl::StrCat("response '", id, "' does not exist"));
}

}  // namespace canvass::responses
