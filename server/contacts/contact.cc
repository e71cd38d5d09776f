#include "server/contacts/contact.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/base/text/language_tag.h"
#include "server/conditions/facts.h"
#include "server/contacts/address.h"

namespace canvass::contacts {
namespace {

constexpr std::size_t kMaxExternalId = 128;
constexpr std::size_t kMaxZoneName = 64;
constexpr std::size_t kMaxQuoted = 100;
constexpr char kZoneDirectory[] = "/usr/share/zoneinfo";
constexpr conditions::FactLimits kAttributeLimits{
    .max_depth = 4, .max_bytes = std::size_t{16} << 10, .keys = conditions::FactKeys::kIdentifier};

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::Utf8SafeCHexEscape(Shorten(text, kMaxQuoted)), "'");
}

// Looked at before the zone database is: to that a name is a path, and a capital first letter leaves only zones.
bool LooksLikeZone(absl::string_view name) {
  if (name.size() > kMaxZoneName || !absl::ascii_isupper(static_cast<unsigned char>(name[0]))) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::string_view("/_+-").find(c) != absl::string_view::npos;
  });
}

// absl remembers every name that it was asked for, bad ones as well and for ever, so it is not asked for those.
bool HasZoneFile(absl::string_view name) {
  std::error_code error;
  return !std::filesystem::is_directory(kZoneDirectory, error) ||
         std::filesystem::is_regular_file(absl::StrCat(kZoneDirectory, "/", name), error);
}

bool IsTimeZone(absl::string_view name) {
  absl::TimeZone zone;
  return LooksLikeZone(name) && HasZoneFile(name) && absl::LoadTimeZone(name, &zone);
}

}  // namespace

absl::StatusOr<ContactId> ParseContactName(const TenantScope& scope, absl::string_view field, absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(std::string id, ParseChild(scope, "contacts", field, name));
  if (!IsExternalId(id)) {
    return FieldError(v1::ERROR_REASON_INVALID_RESOURCE_NAME, field,
                      "the contact's id, decoded, must be 1 to 128 bytes of UTF-8 without control characters");
  }
  return ContactId(std::move(id));
}

std::string ContactName(const TenantScope& scope, const ContactId& id) {
  return ResourceName(scope.tenant(), {"contacts", id.value()});
}

bool IsExternalId(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxExternalId && IsUtf8(id) && !HasControlCharacter(id);
}

absl::Status ValidateContact(const v1::Contact& contact) {
  Violations violations;
  conditions::CheckFacts("attributes", contact.attributes(), kAttributeLimits, violations);
  if (!contact.language().empty() && !IsLanguageTag(contact.language())) {
    violations.Add("language",
                   absl::StrCat(Quoted(contact.language()), " is not a BCP 47 language tag, such as pt-BR"));
  }
  if (!contact.time_zone().empty() && !IsTimeZone(contact.time_zone())) {
    violations.Add("time_zone",
                   absl::StrCat(Quoted(contact.time_zone()), " is not an IANA time zone, such as Europe/Prague"));
  }
  CheckAddresses("addresses", contact.addresses(), violations);
  return violations.ToStatus(v1::ERROR_REASON_INVALID_CONTACT);
}

absl::Status ContactNotFound(const ContactId& id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_CONTACT_NOT_FOUND,
               absl::StrCat("contact '", absl::Utf8SafeCHexEscape(id.value()), "' does not exist"));
}

}  // namespace canvass::contacts
