#include "server/events/webhooks/contact_builder.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/base/resource_name.h"
#include "server/contacts/contact.h"

namespace canvass::events {

ContactBuilder::ContactBuilder(absl::string_view id) {
  contact_.set_name(absl::StrCat("tenants/-/contacts/", EncodeSegment(id)));
}

ContactBuilder& ContactBuilder::Email(absl::string_view address) {
  // A number would be an address as well, of another channel.
  if (!absl::StrContains(address, '@')) return *this;
  v1::Contact part;
  v1::Address& email = *part.add_addresses();
  email.set_channel(v1::Invitation::CHANNEL_EMAIL);
  email.set_value(std::string(address));
  return Add(part);
}

ContactBuilder& ContactBuilder::Phone(absl::string_view number) {
  // Without its country a number reaches nobody for certain.
  if (!absl::StartsWith(number, "+")) return *this;
  v1::Contact part;
  v1::Address& phone = *part.add_addresses();
  phone.set_channel(v1::Invitation::CHANNEL_SMS);
  phone.set_value(absl::StrReplaceAll(number, {{" ", ""}, {"-", ""}, {".", ""}, {"(", ""}, {")", ""}}));
  return Add(part);
}

ContactBuilder& ContactBuilder::Language(absl::string_view tag) {
  v1::Contact part;
  part.set_language(std::string(tag));
  return tag.empty() ? *this : Add(part);
}

ContactBuilder& ContactBuilder::TimeZone(absl::string_view name) {
  v1::Contact part;
  part.set_time_zone(std::string(name));
  return name.empty() ? *this : Add(part);
}

ContactBuilder& ContactBuilder::Attribute(absl::string_view key, absl::string_view text) {
  v1::Contact part;
  (*part.mutable_attributes()->mutable_fields())[std::string(key)].set_string_value(std::string(text));
  return text.empty() ? *this : Add(part);
}

std::optional<v1::Contact> ContactBuilder::Build() const { return is_empty_ ? std::nullopt : std::optional(contact_); }

ContactBuilder& ContactBuilder::Add(const v1::Contact& part) {
  if (!contacts::ValidateContact(part).ok()) return *this;
  contact_.MergeFrom(part);
  is_empty_ = false;
  return *this;
}

}  // namespace canvass::events
