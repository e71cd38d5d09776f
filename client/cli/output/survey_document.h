// A survey as the file that people write about it: what `apply` reads as the very same survey, and nothing that only
// the server sets. Texts in one language are plain strings, conditions are AIP-160 text, and a kind without settings is
// its name alone:
//
//   id: post-purchase
//   default_language: en
//   questions:
//     - key: recommend
//       text: How likely are you to recommend us?
//       nps:
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_SURVEY_DOCUMENT_H_
#define CANVASS_CLIENT_CLI_OUTPUT_SURVEY_DOCUMENT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace canvass::cli {

std::string SurveyYaml(const v1::Survey& survey);

// The answers as `response submit -f` takes them, for the survey of that id where there is one.
std::string AnswersYaml(absl::string_view survey, absl::string_view language,
                        const google::protobuf::RepeatedPtrField<v1::Answer>& answers);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_SURVEY_DOCUMENT_H_
