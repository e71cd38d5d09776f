// Addresses of people: what is one, and the form in which two spellings of one are the same.
//
// Pure functions. Addresses are secrets of the person: no message here quotes one.
#ifndef CANVASS_SERVER_CONTACTS_ADDRESS_H_
#define CANVASS_SERVER_CONTACTS_ADDRESS_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/contact.pb.h"
#include "server/base/error.h"

namespace canvass::contacts {

using Addresses = google::protobuf::RepeatedPtrField<v1::Address>;

// Ok if `value` can be an address on `channel`, otherwise InvalidArgument whose message says what is wrong, to stand
// behind the name of the field. Mail: RFC 5321 without quoted local parts and address literals; domains with letters
// beyond ASCII are taken as they are. Telephone: E.164.
absl::Status CheckAddress(v1::Invitation::Channel channel, absl::string_view value);

// The channel of `value` by its form, mail or text message: telephone numbers start with '+'.
v1::Invitation::Channel ChannelOf(absl::string_view value);

// `value` with its domain in lower case, as it is stored and written to.
std::string NormalAddress(absl::string_view value);

// Adds a violation below `field` for all that breaks what contact.proto says of addresses.
void CheckAddresses(absl::string_view field, const Addresses& addresses, Violations& violations);

// Brings valid `addresses` into the form in which they are stored: normal, by channel, every consent with its time. One
// without a time keeps that of the same consent of the same address in `before`; else it was given now. Who says
// nothing of consent takes none back: it stays with its address, and a no stays with the person.
void SettleAddresses(const Addresses& before, absl::Time now, Addresses& addresses);

// The address on `channel`; nullptr if there is none.
const v1::Address* FindAddress(const Addresses& addresses, v1::Invitation::Channel channel);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_ADDRESS_H_
