// Definitions for tests, short to write: as text protos without the texts that a test is not about.
#ifndef CANVASS_SERVER_SURVEYS_TESTING_DEFINITIONS_H_
#define CANVASS_SERVER_SURVEYS_TESTING_DEFINITIONS_H_

#include <string>
#include <vector>

#include "canvass/v1/survey.pb.h"
#include "server/base/error.h"

namespace canvass::surveys::testing {

// `text` as a definition. Where they are missing, the default language is `en`, and questions, options and endings have
// their keys as texts.
v1::SurveyDefinition Define(const std::string& text);

// The same as saving stores it, which finds no fault with it: its conditions are in structured form.
v1::SurveyDefinition DefineSaved(const std::string& text);

// `text` within a definition of these questions, in their order: `yes` and `no` of the single choices `a`, `b`, `c`;
// then `nps`.
v1::SurveyDefinition DefineWith(const std::string& text);

// "path: description" of each.
std::vector<std::string> TextsOf(const Violations& violations);

// What CheckForPublish says.
std::vector<std::string> PublishFaults(const v1::SurveyDefinition& definition);

// A survey as people write them: NPS with branches by score, a matrix, a quota, pages, values, pipes, Czech and
// English.
v1::SurveyDefinition RealSurvey();

}  // namespace canvass::surveys::testing

#endif  // CANVASS_SERVER_SURVEYS_TESTING_DEFINITIONS_H_
