// What a payload tells about its customer, gathered into the contact that goes along with an event. A value that could
// not be stored is left out, so that a telephone number in a private spelling does not cost the mail address beside it.
//
//   return ContactBuilder(customer_id).Email(TextAt(payload, "email")).Attribute("first_name", …).Build();
//
// Values; not thread-safe.
#ifndef CANVASS_SERVER_EVENTS_WEBHOOKS_CONTACT_BUILDER_H_
#define CANVASS_SERVER_EVENTS_WEBHOOKS_CONTACT_BUILDER_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "canvass/v1/contact.pb.h"

namespace canvass::events {

class ContactBuilder {
 public:
  // `id` is the customer's, as in the event's subject.
  explicit ContactBuilder(absl::string_view id);

  // Each leaves things as they are if the text is empty or cannot be stored. Addresses come without consent: that the
  // other system knows one says nothing about it.
  ContactBuilder& Email(absl::string_view address);
  // An international number; blanks, hyphens, dots and parentheses are dropped.
  ContactBuilder& Phone(absl::string_view number);
  ContactBuilder& Language(absl::string_view tag);
  ContactBuilder& TimeZone(absl::string_view name);
  ContactBuilder& Attribute(absl::string_view key, absl::string_view text);

  // None if nothing was known.
  std::optional<v1::Contact> Build() const;

 private:
  ContactBuilder& AddAddress(v1::Invitation::Channel channel, absl::string_view value);
  // Merges `part` if the contact may hold it, too.
  ContactBuilder& Add(const v1::Contact& part);

  v1::Contact contact_;
  bool is_empty_ = true;
};

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_WEBHOOKS_CONTACT_BUILDER_H_
