// Every text of a survey with its path by keys, which stays right when questions move:
//
//   questions[recommend].text
//   questions[reason].single_choice.options[price].text
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_TRANSLATIONS_TEXTS_H_
#define CANVASS_CLIENT_CLI_TRANSLATIONS_TEXTS_H_

#include <string>
#include <vector>

#include "canvass/v1/survey.pb.h"

namespace canvass::cli {

using Texts = google::protobuf::Map<std::string, std::string>;

struct LocatedText {
  std::string path;
  // Part of the definition, and valid as long as it is not changed otherwise.
  Texts* texts;
};

// Those that are there in any language, in the order in which respondents meet them.
std::vector<LocatedText> TextsOf(v1::SurveyDefinition& definition);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_TRANSLATIONS_TEXTS_H_
