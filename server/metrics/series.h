// What a metric cell counts: its series (which question, of which kind and scale) and its value.
//
//   cell.series = SeriesOf(question);   "recommend:nps", "overall:csat5", "ease:ces7", "effort:ces5e", "reason:one"
//   cell.value = OptionValue("price");
//
// A question that changes its kind or scale from one version to the next starts another series. Of kinds that have no
// metric it is only counted that there is an answer. Pure; thread-safe.
#ifndef CANVASS_SERVER_METRICS_SERIES_H_
#define CANVASS_SERVER_METRICS_SERIES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"
#include "server/surveys/definition/option_value.h"

namespace canvass::metrics {

// Values of a series beside the scores (from 0), the options (OptionValue) and kTextGiven.
inline constexpr int32_t kMissing = -1;      // a response without an answer to the question, which was shown
inline constexpr int32_t kDismissed = -2;    // an answer that was dismissed
inline constexpr int32_t kRespondents = -3;  // multiple choice: an answer, with however many options
inline constexpr int32_t kTextGiven = 1;     // other kinds: there is an answer

// Series of a survey's invitations. The values of @stage are InvitationStage, those of @time are TimeBucket. No
// question key begins with '@'.
inline constexpr absl::string_view kStageSeries = "@stage";
inline constexpr absl::string_view kTimeSeries = "@time";

// `<key>:<identity>`, see surveys::SeriesIdentity. At most 80 bytes, ASCII. Not for statements, which take no answer.
std::string SeriesOf(const v1::Question& question);

// The value of a choice.
using surveys::OptionValue;

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_SERIES_H_
