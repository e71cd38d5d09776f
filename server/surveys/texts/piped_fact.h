// What a pipe puts into a text: the fact as a respondent reads it.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_TEXTS_PIPED_FACT_H_
#define CANVASS_SERVER_SURVEYS_TEXTS_PIPED_FACT_H_

#include <google/protobuf/repeated_ptr_field.h>
#include <google/protobuf/struct.pb.h>

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::surveys {

// The fact at `path` (`answer.city`, `contact.first_name`) of Walked.facts: options by their texts in `language`, the
// one that is `other` by what the respondent wrote beside it; lists joined by commas; numbers as they are written.
// Nothing if it is not there or is no text.
std::optional<std::string> PipedFact(const v1::SurveyDefinition& definition, absl::string_view language,
                                     const google::protobuf::Struct& facts,
                                     const google::protobuf::RepeatedPtrField<v1::Answer>& answers,
                                     absl::string_view path);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_TEXTS_PIPED_FACT_H_
