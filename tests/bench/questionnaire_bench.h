// What GetQuestionnaire and NextStep cost, as ratios to an echo that answers with a reply of the same bytes.
#ifndef CANVASS_TESTS_BENCH_QUESTIONNAIRE_BENCH_H_
#define CANVASS_TESTS_BENCH_QUESTIONNAIRE_BENCH_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/bench/echo_server.h"
#include "tests/bench/report.h"
#include "tests/process/workspace.h"

namespace canvass::bench {

struct QuestionnaireLoad {
  int in_flight = 64;
  int rounds = 5;
  absl::Duration duration = absl::Seconds(5);
};

// Publishes LongSurvey() in the workspace's tenant and adds the figures to `report`.
absl::Status MeasureQuestionnaires(const QuestionnaireLoad& load, const EchoServer& echo,
                                   const testing::Workspace& workspace, Report& report);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_QUESTIONNAIRE_BENCH_H_
