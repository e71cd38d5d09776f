#include "tenants/tenant.h"

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"

namespace canvass::tenants {
namespace {

constexpr std::size_t kMaxTimeZone = 64;

// Areas and cities are letters, digits and _ + -; this keeps paths out of the library's hands.
bool HasFormOfZone(absl::string_view name) {
  if (name.empty() || name.size() > kMaxTimeZone) return false;
  for (absl::string_view part : absl::StrSplit(name, '/')) {
    if (part.empty()) return false;
    for (char c : part) {
      if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '+' && c != '-') return false;
    }
  }
  // Names of the machine's own files, not of IANA.
  for (absl::string_view own : {"localtime", "posixrules", "posix/", "right/", "Fixed/"}) {
    if (absl::StartsWithIgnoreCase(name, own)) return false;
  }
  return true;
}

absl::Status BadName(absl::string_view field, absl::string_view name, absl::string_view rule) {
  return FieldError(v1::ERROR_REASON_INVALID_RESOURCE_NAME, field,
                    absl::StrCat("'", absl::CHexEscape(name.substr(0, 200)), "' ", rule));
}

}  // namespace

absl::Status ValidateNewTenant(const v1::CreateTenantRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckChosenId("tenant_id", request.tenant_id()));
  CANVASS_RETURN_IF_ERROR(ValidateChangedTenant("tenant", request.tenant()));
  const std::string& zone = request.tenant().time_zone();
  return zone.empty() ? absl::OkStatus() : ParseTimeZone("tenant.time_zone", zone).status();
}

absl::Status ValidateChangedTenant(absl::string_view field, const v1::Tenant& tenant) {
  Violations violations;
  CheckDisplayName(absl::StrCat(field, ".display_name"), tenant.display_name(), violations);
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELD);
}

absl::StatusOr<absl::TimeZone> ParseTimeZone(absl::string_view field, absl::string_view name) {
  absl::TimeZone zone;
  if (HasFormOfZone(name) && absl::LoadTimeZone(name, &zone)) return zone;
  return FieldError(v1::ERROR_REASON_INVALID_FIELD, field,
                    absl::StrCat("'", absl::CHexEscape(name.substr(0, 100)),
                                 "' is not an IANA time zone; an example of one is 'Europe/Prague'"));
}

absl::StatusOr<TenantId> ParseTenantName(absl::string_view field, absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(TenantId id, ParseOwningTenant(field, name));
  if (absl::StrContains(name.substr(sizeof("tenants/") - 1), "/")) {
    return BadName(field, name, "is not of the form tenants/{tenant}");
  }
  return id;
}

absl::StatusOr<TenantId> ParseOwningTenant(absl::string_view field, absl::string_view name) {
  const std::vector<absl::string_view> segments = absl::StrSplit(name, absl::MaxSplits('/', 2));
  if (segments.size() < 2 || segments[0] != "tenants" || segments[1].empty()) {
    return BadName(field, name, "does not begin with tenants/{tenant}");
  }
  if (segments[1] == "-") return BadName(field, name, "stands for a key's own tenant; the operator has to name one");
  return TenantId(std::string(segments[1]));
}

}  // namespace canvass::tenants
