#include "server/contacts/address.h"

#include <algorithm>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/proto_time.h"
#include "server/base/text/characters.h"

namespace canvass::contacts {
namespace {

constexpr std::size_t kMaxMailAddress = 254;
constexpr std::size_t kMaxLocalPart = 64;
constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kMinDigits = 7;
constexpr std::size_t kMaxDigits = 15;

bool IsAlphanumeric(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

bool IsAtomCharacter(char c) {
  return IsAlphanumeric(c) || absl::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != absl::string_view::npos;
}

bool IsLocalPart(absl::string_view local) {
  return !local.empty() && local.size() <= kMaxLocalPart && absl::c_all_of(local, IsAtomCharacter) &&
         local.front() != '.' && local.back() != '.' && !absl::StrContains(local, "..");
}

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' && label.back() != '-' &&
         absl::c_all_of(label, [](char c) { return IsAlphanumeric(c) || c == '-' || static_cast<signed char>(c) < 0; });
}

absl::Status Bad(absl::string_view what) { return absl::InvalidArgumentError(what); }

absl::Status CheckMailAddress(absl::string_view value) {
  if (value.size() > kMaxMailAddress) {
    return Bad(absl::StrCat("has ", value.size(), " bytes; a mail address has at most ", kMaxMailAddress));
  }
  if (!IsUtf8(value) || HasControlCharacter(value)) return Bad("is not UTF-8 without control characters");
  const std::size_t at = value.rfind('@');
  if (at == absl::string_view::npos) return Bad("is not a mail address: it has no '@'");
  if (!IsLocalPart(value.substr(0, at))) {
    return Bad(
        "is not a mail address: what stands before the '@' must be 1 to 64 letters, digits and !#$%&'*+-/=?^_`{|}~ "
        "and single dots between them");
  }
  const std::vector<absl::string_view> labels = absl::StrSplit(value.substr(at + 1), '.');
  if (labels.size() < 2 || !absl::c_all_of(labels, IsLabel)) {
    return Bad("is not a mail address: what stands behind the '@' is not a domain such as example.com");
  }
  return absl::OkStatus();
}

absl::Status CheckTelephoneNumber(absl::string_view value) {
  const absl::string_view digits = value.substr(std::min<std::size_t>(value.size(), 1));
  if (!absl::StartsWith(value, "+") || digits.size() < kMinDigits || digits.size() > kMaxDigits ||
      !absl::c_all_of(digits, [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }) ||
      digits.front() == '0') {
    return Bad("is not a telephone number in E.164, such as +420601234567: '+', country code, number, without spaces");
  }
  return absl::OkStatus();
}

void CheckOne(const std::string& field, const v1::Address& address, Violations& violations) {
  if (address.channel() != v1::Invitation::CHANNEL_EMAIL && address.channel() != v1::Invitation::CHANNEL_SMS) {
    violations.Add(absl::StrCat(field, ".channel"), "must be CHANNEL_EMAIL or CHANNEL_SMS");
  } else if (const absl::Status checked = CheckAddress(address.channel(), address.value()); !checked.ok()) {
    violations.Add(absl::StrCat(field, ".value"), checked.message());
  }
  if (!v1::Address::Consent_IsValid(address.consent())) {
    violations.Add(absl::StrCat(field, ".consent"), absl::StrCat("has no value ", address.consent()));
  }
  if (address.has_consent_time() && !IsValid(address.consent_time())) {
    violations.Add(absl::StrCat(field, ".consent_time"), "is not a time of the years 1 to 9999");
  }
}

// When the consent of `address` was given.
google::protobuf::Timestamp ConsentTime(const v1::Address& address, const v1::Address* before, absl::Time now) {
  if (address.has_consent_time()) return ToProto(FromProto(address.consent_time()));
  const bool same = before != nullptr && before->value() == address.value() && before->consent() == address.consent();
  return same && before->has_consent_time() ? before->consent_time() : ToProto(now);
}

// What the person said stays where `address` says nothing of it.
void KeepConsent(const v1::Address* before, v1::Address& address) {
  if (before == nullptr || address.consent() != v1::Address::CONSENT_UNSPECIFIED) return;
  if (before->consent() != v1::Address::CONSENT_DENIED && before->value() != address.value()) return;
  address.set_consent(before->consent());
  if (before->has_consent_time()) *address.mutable_consent_time() = before->consent_time();
}

}  // namespace

absl::Status CheckAddress(v1::Invitation::Channel channel, absl::string_view value) {
  if (value.empty()) return Bad("is required");
  return channel == v1::Invitation::CHANNEL_SMS ? CheckTelephoneNumber(value) : CheckMailAddress(value);
}

v1::Invitation::Channel ChannelOf(absl::string_view value) {
  return absl::StartsWith(value, "+") && !absl::StrContains(value, "@") ? v1::Invitation::CHANNEL_SMS
                                                                        : v1::Invitation::CHANNEL_EMAIL;
}

std::string NormalAddress(absl::string_view value) {
  std::string normal(value);
  const std::size_t at = value.rfind('@');
  if (at == absl::string_view::npos) return normal;
  std::transform(normal.begin() + static_cast<std::ptrdiff_t>(at), normal.end(),
                 normal.begin() + static_cast<std::ptrdiff_t>(at), absl::ascii_tolower);
  return normal;
}

void CheckAddresses(absl::string_view field, const Addresses& addresses, Violations& violations) {
  for (int i = 0; i < addresses.size() && violations.list().size() < Violations::kMaxReported; ++i) {
    const std::string path = absl::StrCat(field, "[", i, "]");
    CheckOne(path, addresses[i], violations);
    const auto same = [&](const v1::Address& other) { return other.channel() == addresses[i].channel(); };
    if (std::any_of(addresses.begin(), addresses.begin() + i, same)) {
      violations.Add(absl::StrCat(path, ".channel"), "has an address already; a contact has one for each channel");
    }
  }
}

void SettleAddresses(const Addresses& before, absl::Time now, Addresses& addresses) {
  for (v1::Address& address : addresses) {
    address.set_value(NormalAddress(address.value()));
    KeepConsent(FindAddress(before, address.channel()), address);
    if (address.consent() == v1::Address::CONSENT_UNSPECIFIED) {
      address.clear_consent_time();
    } else {
      *address.mutable_consent_time() = ConsentTime(address, FindAddress(before, address.channel()), now);
    }
  }
  absl::c_sort(addresses, [](const v1::Address& a, const v1::Address& b) { return a.channel() < b.channel(); });
}

const v1::Address* FindAddress(const Addresses& addresses, v1::Invitation::Channel channel) {
  const auto found = absl::c_find_if(addresses, [&](const v1::Address& a) { return a.channel() == channel; });
  return found == addresses.end() ? nullptr : &*found;
}

}  // namespace canvass::contacts
