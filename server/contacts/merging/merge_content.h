// What one contact gets of another: of a partial one that tells what changed, or of a duplicate.
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_CONTACTS_MERGING_MERGE_CONTENT_H_
#define CANVASS_SERVER_CONTACTS_MERGING_MERGE_CONTENT_H_

#include "canvass/v1/contact.pb.h"

namespace canvass::contacts {

// Changes what `change` has: single attributes, addresses of single channels, language, time zone.
void ApplyChange(const v1::Contact& change, v1::Contact& contact);

// Gives `kept` what only `duplicate` has. Of an address that both have, what the person said last counts.
void TakeOver(const v1::Contact& duplicate, v1::Contact& kept);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_MERGING_MERGE_CONTENT_H_
