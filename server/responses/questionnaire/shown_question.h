// Questions as one respondent reads them.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_SHOWN_QUESTION_H_
#define CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_SHOWN_QUESTION_H_

#include <google/protobuf/repeated_ptr_field.h>
#include <google/protobuf/struct.pb.h>

#include <string>

#include "absl/strings/string_view.h"
#include "canvass/v1/question.pb.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/responses/questionnaire/localized_survey.h"

namespace canvass::responses {

// Who reads, and what is known. Everything must outlive the Reader.
struct Reader {
  const LocalizedSurvey& survey;
  // What options are shuffled by; empty: not at all.
  absl::string_view seed;
  // As Walk has them: event, contact, answer and value.
  const google::protobuf::Struct& facts;
  const google::protobuf::RepeatedPtrField<v1::Answer>& answers;
};

// `text` with every pipe replaced.
std::string ReadText(const Reader& reader, absl::string_view text);

// The question at `place` with its pipes replaced and its options in the reader's order, without its logic.
v1::Question ShownQuestion(const Reader& reader, int place);

// The whole definition with its logic. Pipes of contact and event are replaced, those of answers and values left.
v1::SurveyDefinition WholeDefinition(const Reader& reader);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_SHOWN_QUESTION_H_
