#include "server/events/webhooks/contact_builder.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/base/resource_name.h"
#include "server/contacts/address.h"
#include "server/contacts/contact.h"

namespace canvass::events {

ContactBuilder::ContactBuilder(absl::string_view id) {
  contact_.set_name(absl::StrCat("tenants/-/contacts/", EncodeSegment(id)));
}

ContactBuilder& ContactBuilder::Email(absl::string_view address) {
  return AddAddress(v1::Invitation::CHANNEL_EMAIL, address);
}

ContactBuilder& ContactBuilder::Phone(absl::string_view number) {
  // Without its country a number reaches nobody for certain.
  if (!absl::StartsWith(number, "+")) return *this;
  return AddAddress(v1::Invitation::CHANNEL_SMS,
                    absl::StrReplaceAll(number, {{" ", ""}, {"-", ""}, {".", ""}, {"(", ""}, {")", ""}}));
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

ContactBuilder& ContactBuilder::AddAddress(v1::Invitation::Channel channel, absl::string_view value) {
  if (!contacts::CheckAddress(channel, value).ok()) return *this;
  v1::Contact part;
  v1::Address& address = *part.add_addresses();
  address.set_channel(channel);
  address.set_value(std::string(value));
  return Add(part);
}

ContactBuilder& ContactBuilder::Add(const v1::Contact& part) {
  v1::Contact merged = contact_;
  merged.MergeFrom(part);
  if (!contacts::ValidateContact(merged).ok()) return *this;
  contact_ = std::move(merged);
  is_empty_ = false;
  return *this;
}

}  // namespace canvass::events
