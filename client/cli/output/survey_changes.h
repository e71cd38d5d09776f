// What changed between two versions of a survey, and which metrics stay comparable.
//
//   ~ questions[recommend].text["cs"]: "Doporučíte nás?" -> "Doporučili byste nás?"
//   + questions[reason]
//   - endings[old]
//   > questions[effort]: moved from 2 to 4
//
//   QUESTION   METRICS     WHY
//   recommend  reworded    …
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_SURVEY_CHANGES_H_
#define CANVASS_CLIENT_CLI_OUTPUT_SURVEY_CHANGES_H_

#include <string>
#include <vector>

#include "canvass/v1/survey_service.pb.h"
#include "client/cli/output/terminal.h"

namespace canvass::cli {

// "nothing changed\n" where nothing did. `width` 0: texts as long as they are.
std::string SurveyChangesText(const v1::DiffSurveyVersionsResponse& diff, const charts::ChartStyle& style, int width);

// The questions whose metrics start anew, with the reasons: "overall (the scale changed from 5 to 7 points)".
std::vector<std::string> NewSeries(const v1::DiffSurveyVersionsResponse& diff);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_SURVEY_CHANGES_H_
