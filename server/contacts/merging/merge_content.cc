#include "server/contacts/merging/merge_content.h"

#include "absl/algorithm/container.h"
#include "server/base/proto_time.h"
#include "server/contacts/address.h"

namespace canvass::contacts {
namespace {

v1::Address* FindMutable(v1::Invitation::Channel channel, v1::Contact& contact) {
  const auto found =
      absl::c_find_if(*contact.mutable_addresses(), [&](const v1::Address& a) { return a.channel() == channel; });
  return found == contact.mutable_addresses()->end() ? nullptr : &*found;
}

void CopyConsent(const v1::Address& from, v1::Address& to) {
  to.set_consent(from.consent());
  if (from.has_consent_time()) {
    *to.mutable_consent_time() = from.consent_time();
  } else {
    to.clear_consent_time();
  }
}

bool SameAddress(const v1::Address& a, const v1::Address& b) {
  return NormalAddress(a.value()) == NormalAddress(b.value());
}

}  // namespace

void ApplyChange(const v1::Contact& change, v1::Contact& contact) {
  for (const auto& [key, value] : change.attributes().fields()) {
    (*contact.mutable_attributes()->mutable_fields())[key] = value;
  }
  if (!change.language().empty()) contact.set_language(change.language());
  if (!change.time_zone().empty()) contact.set_time_zone(change.time_zone());
  for (const v1::Address& address : change.addresses()) {
    v1::Address* current = FindMutable(address.channel(), contact);
    *(current == nullptr ? contact.add_addresses() : current) = address;
  }
}

void TakeOver(const v1::Contact& duplicate, v1::Contact& kept) {
  for (const auto& [key, value] : duplicate.attributes().fields()) {
    kept.mutable_attributes()->mutable_fields()->insert({key, value});
  }
  if (kept.language().empty()) kept.set_language(duplicate.language());
  if (kept.time_zone().empty()) kept.set_time_zone(duplicate.time_zone());
  for (const v1::Address& address : duplicate.addresses()) {
    v1::Address* current = FindMutable(address.channel(), kept);
    if (current == nullptr) {
      *kept.add_addresses() = address;
    } else if (SameAddress(*current, address) && address.has_consent_time() &&
               (!current->has_consent_time() ||
                FromProto(address.consent_time()) > FromProto(current->consent_time()))) {
      CopyConsent(address, *current);
    }
  }
}

}  // namespace canvass::contacts
