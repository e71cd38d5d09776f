#include "server/contacts/reach.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/proto_time.h"
#include "server/contacts/address.h"

namespace canvass::contacts {
namespace {

absl::string_view WordsFor(v1::Suppression::Reason reason) {
  switch (reason) {
    case v1::Suppression::REASON_UNSUBSCRIBED:
      return "unsubscribed";
    case v1::Suppression::REASON_BOUNCED:
      return "cannot be reached: messages came back";
    case v1::Suppression::REASON_COMPLAINED:
      return "reported a message as spam";
    default:
      return "is on the list of those who must not be asked";
  }
}

// Whether `suppression`, one of the contact's, forbids `channel`, on which the contact is asked at `address`.
bool Forbids(const v1::Suppression& suppression, v1::Invitation::Channel channel, const v1::Address* address) {
  if (suppression.has_address()) {
    return address != nullptr && absl::EqualsIgnoreCase(suppression.address(), address->value());
  }
  return suppression.channel() == v1::Invitation::CHANNEL_UNSPECIFIED || suppression.channel() == channel;
}

std::string Explain(const v1::Suppression& suppression) {
  const bool one_address = suppression.has_address();
  const absl::string_view whom = one_address ? "the customer's address " : "the customer ";
  std::string where;
  if (!one_address && suppression.channel() != v1::Invitation::CHANNEL_UNSPECIFIED) {
    where = absl::StrCat(" (", ChannelText(suppression.channel()), ")");
  }
  return absl::StrCat(whom, WordsFor(suppression.reason()), where, ", since ",
                      absl::FormatTime(absl::RFC3339_sec, FromProto(suppression.create_time()), absl::UTCTimeZone()));
}

Reach No(v1::Decision::Reason reason, std::string explanation) {
  return {.usable = false, .address = {}, .reason = reason, .explanation = std::move(explanation)};
}

}  // namespace

absl::string_view ChannelText(int channel) {
  switch (channel) {
    case v1::Invitation::CHANNEL_EMAIL:
      return "email";
    case v1::Invitation::CHANNEL_SMS:
      return "text message";
    case v1::Invitation::CHANNEL_WEBHOOK:
      return "webhook";
    case v1::Invitation::CHANNEL_LINK:
      return "link";
    default:
      return "in-app";
  }
}

Reach ReachOn(v1::Invitation::Channel channel, const v1::Contact& contact,
              absl::Span<const v1::Suppression> suppressions, absl::Span<const int> consent_required) {
  if (channel == v1::Invitation::CHANNEL_UNSPECIFIED) channel = v1::Invitation::CHANNEL_IN_APP;
  const bool addressed = channel == v1::Invitation::CHANNEL_EMAIL || channel == v1::Invitation::CHANNEL_SMS;
  const v1::Address* address = FindAddress(contact.addresses(), channel);
  for (const v1::Suppression& suppression : suppressions) {
    if (Forbids(suppression, channel, address)) return No(v1::Decision::REASON_OPTED_OUT, Explain(suppression));
  }
  if (addressed && address == nullptr) {
    return No(v1::Decision::REASON_NO_ADDRESS, absl::StrCat("the customer has no address for ", ChannelText(channel)));
  }
  const v1::Address::Consent consent = address == nullptr ? v1::Address::CONSENT_UNSPECIFIED : address->consent();
  if (consent == v1::Address::CONSENT_DENIED) {
    return No(v1::Decision::REASON_OPTED_OUT,
              absl::StrCat("the customer denied consent to be asked by ", ChannelText(channel)));
  }
  if (absl::c_linear_search(consent_required, static_cast<int>(channel)) && consent != v1::Address::CONSENT_GRANTED) {
    return No(v1::Decision::REASON_OPTED_OUT, absl::StrCat("the contact policy requires consent for ",
                                                           ChannelText(channel), ", which the customer did not give"));
  }
  return {.usable = true, .address = address == nullptr ? "" : address->value(), .explanation = {}};
}

}  // namespace canvass::contacts
