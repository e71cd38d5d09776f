// Parts of a definition in a few words, for people who compare two of them.
//
//   ShortText(question, "en")    How likely are you to recommend us?
//   ShortText(csat, "en")        points: 7
//   IdentityOf(option)           price
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_VERSIONS_SHORT_TEXT_H_
#define CANVASS_SERVER_SURVEYS_VERSIONS_SHORT_TEXT_H_

#include <google/protobuf/message.h>

#include <string>

#include "absl/strings/string_view.h"

namespace canvass::surveys {

// A condition, a constant or a duration: a message that is written as one text rather than field by field.
bool IsOneText(const google::protobuf::Descriptor& type);

// A message: its text or title in `language` if it has one, a condition as its filter text, a duration as 36h, else
// its fields.
std::string ShortText(const google::protobuf::Message& message, absl::string_view language);

// The value of one field, which is set; `index` is the element of a repeated field, else -1.
std::string ShortText(const google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
                      int index, absl::string_view language);

// What tells an element of a list from the others: its key, the field it reads, the value it stands for, or where it
// leads. Empty if it has none of these.
std::string IdentityOf(const google::protobuf::Message& element);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_VERSIONS_SHORT_TEXT_H_
