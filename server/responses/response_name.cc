#include "server/responses/response_name.h"

#include <cstddef>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"

namespace canvass::responses {
namespace {

constexpr std::size_t kMaxContactId = 128;

}  // namespace

absl::StatusOr<Uuid> ParseResponseName(const TenantScope& scope, absl::string_view field, const std::string& name) {
  CANVASS_ASSIGN_OR_RETURN(const std::string text, ParseChild(scope, "responses", field, name));
  absl::StatusOr<Uuid> id = Uuid::Parse(text);
  if (!id.ok()) return NoSuchResponse(absl::CHexEscape(text.substr(0, 100)));
  return id;
}

absl::StatusOr<ContactId> ParseContactName(const TenantScope& scope, const std::string& name) {
  if (name.empty()) return ContactId();
  CANVASS_ASSIGN_OR_RETURN(std::string id, ParseChild(scope, "contacts", "response.contact", name));
  if (id.size() > kMaxContactId || !IsUtf8(id)) {
    return FieldError(v1::ERROR_REASON_INVALID_RESOURCE_NAME, "response.contact",
                      "a contact's identifier is UTF-8 of at most 128 bytes");
  }
  return ContactId(std::move(id));
}

Uuid IdOf(const v1::Response& response) { return Uuid::Parse(LastSegment(response.name())).value_or(Uuid()); }

absl::Status NoSuchResponse(absl::string_view id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESPONSE_NOT_FOUND,
               absl::StrCat("response '", id, "' does not exist"));
}

}  // namespace canvass::responses
