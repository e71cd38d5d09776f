#include "server/contacts/suppressions/suppression.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/contacts/address.h"
#include "server/contacts/contact.h"

namespace canvass::contacts {
namespace {

constexpr std::size_t kMaxNote = 500;
constexpr std::size_t kTargetDigits = 32;
constexpr char kChannelPrefix[] = "CHANNEL_";

// Neither kind nor target holds a NUL, so no two pairs run together to the same text.
Uuid Target(absl::string_view kind, absl::string_view value) {
  return Uuid::FromBytes(Digest16(absl::StrCat(kind, absl::string_view("\0", 1), value)));
}

// "email" for CHANNEL_EMAIL.
std::string ChannelWord(int channel) {
  const std::string& name = v1::Invitation::Channel_Name(static_cast<v1::Invitation::Channel>(channel));
  return absl::AsciiStrToLower(absl::StripPrefix(name, kChannelPrefix));
}

std::string IdOf(const SuppressionKey& key) {
  const std::string target = absl::BytesToHexString(key.target.bytes());
  return key.channel == 0 ? target : absl::StrCat(target, "-", ChannelWord(key.channel));
}

void CheckTarget(const v1::Suppression& suppression, Violations& violations) {
  if (suppression.target_case() == v1::Suppression::TARGET_NOT_SET) {
    violations.Add("suppression", "names nobody: address or contact is required");
  } else if (suppression.has_address()) {
    const absl::Status checked = CheckAddress(ChannelOf(suppression.address()), suppression.address());
    if (!checked.ok()) violations.Add("suppression.address", checked.message());
    if (suppression.channel() != v1::Invitation::CHANNEL_UNSPECIFIED) {
      violations.Add("suppression.channel", "must not be set for an address, which has its own");
    }
  }
}

}  // namespace

Uuid AddressTarget(absl::string_view address) { return Target("address", absl::AsciiStrToLower(address)); }

Uuid ContactTarget(const ContactId& contact) { return Target("contact", contact.value()); }

SuppressionKey KeyOf(const v1::Suppression& suppression) {
  if (suppression.has_address()) return {.target = AddressTarget(suppression.address())};
  const absl::string_view name = suppression.contact();
  const absl::StatusOr<std::string> id = DecodeSegment(LastSegment(name));
  return {.target = ContactTarget(ContactId(id.value_or(""))), .channel = suppression.channel()};
}

absl::StatusOr<v1::Suppression> NormalizeSuppression(const TenantScope& scope, const v1::Suppression& suppression) {
  v1::Suppression normal;
  normal.set_channel(suppression.channel());
  normal.set_reason(suppression.reason());
  normal.set_note(suppression.note());
  if (suppression.has_contact()) {
    CANVASS_ASSIGN_OR_RETURN(const ContactId id, ParseContactName(scope, "suppression.contact", suppression.contact()));
    normal.set_contact(ContactName(scope, id));
  } else if (suppression.has_address()) {
    normal.set_address(NormalAddress(suppression.address()));
  }
  Violations violations;
  CheckTarget(normal, violations);
  if (!v1::Invitation::Channel_IsValid(normal.channel())) {
    violations.Add("suppression.channel", absl::StrCat("has no value ", normal.channel()));
  }
  if (normal.reason() == v1::Suppression::REASON_UNSPECIFIED) {
    violations.Add("suppression.reason", "is required");
  } else if (!v1::Suppression::Reason_IsValid(normal.reason())) {
    violations.Add("suppression.reason", absl::StrCat("has no value ", normal.reason()));
  }
  CheckLength("suppression.note", normal.note(), kMaxNote, violations);
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_SUPPRESSION));
  return normal;
}

std::string SuppressionName(const TenantScope& scope, const SuppressionKey& key) {
  return ResourceName(scope.tenant(), {"suppressions", IdOf(key)});
}

absl::StatusOr<SuppressionKey> ParseSuppressionName(const TenantScope& scope, absl::string_view field,
                                                    absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(const std::string id, ParseChild(scope, "suppressions", field, name));
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(id, absl::MaxSplits('-', 1));
  SuppressionKey key{.target = Uuid::FromBytes(absl::HexStringToBytes(parts.first))};
  v1::Invitation::Channel channel = v1::Invitation::CHANNEL_UNSPECIFIED;
  if (v1::Invitation::Channel_Parse(absl::StrCat(kChannelPrefix, absl::AsciiStrToUpper(parts.second)), &channel)) {
    key.channel = channel;
  }
  // Whatever is not the one way to write the key names nothing.
  if (parts.first.size() != kTargetDigits || IdOf(key) != id) return SuppressionNotFound();
  return key;
}

absl::Status SuppressionNotFound() {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SUPPRESSION_NOT_FOUND,
               "the suppression does not exist; list them with ListSuppressions");
}

}  // namespace canvass::contacts
