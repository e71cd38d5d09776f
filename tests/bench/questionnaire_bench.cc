#include "tests/bench/questionnaire_bench.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/base/status_macros.h"
#include "tests/bench/load.h"
#include "tests/bench/long_survey.h"

namespace canvass::bench {
namespace {

// One method against the echo. The echo answers with as many bytes as the method's replies have at most.
template <typename Request, typename Reply>
absl::Status Measure(const std::string& method, const QuestionnaireLoad& load, const EchoServer& echo,
                     const testing::Workspace& workspace, const std::function<Request(int64_t)>& make_request,
                     const std::string& name, Report& report) {
  LoadOptions options = {
      .method = "/canvass.v1.SurveyService/" + method, .in_flight = load.in_flight, .duration = load.duration};
  std::vector<double> ratios;
  std::vector<double> rates;
  absl::PrintF("%s, %d in flight\n", method, load.in_flight);
  for (int round = 0; round < load.rounds; ++round) {
    options.address = workspace.address;
    options.credential = workspace.credential;
    const LoadResult served = RunLoad<Request, Reply>(options, make_request);
    options.address = echo.address();
    options.credential.clear();
    CANVASS_RETURN_IF_ERROR(echo.SetReply(options.method, served.reply));
    const LoadResult reference = RunLoad<Request, Reply>(options, make_request);
    PrintLoad(absl::StrCat("echo of ", served.reply.size(), " bytes"), reference);
    PrintLoad(method, served);
    if (reference.failed + served.failed > 0) {
      return absl::InternalError(absl::StrCat("calls failed: ", reference.first_error, served.first_error));
    }
    ratios.push_back(served.rate() / reference.rate());
    rates.push_back(served.rate());
  }
  report.Add({.name = name, .value = Median(ratios), .bar = 0.6});
  report.Add({.name = name + "_per_second", .value = Median(rates)});
  return absl::OkStatus();
}

}  // namespace

absl::Status MeasureQuestionnaires(const QuestionnaireLoad& load, const EchoServer& echo,
                                   const testing::Workspace& workspace, Report& report) {
  CANVASS_ASSIGN_OR_RETURN(const std::string survey, testing::PublishSurvey(workspace, "long", LongSurvey()));
  CANVASS_RETURN_IF_ERROR((Measure<v1::GetQuestionnaireRequest, v1::Questionnaire>(
      "GetQuestionnaire", load, echo, workspace, [&](int64_t n) { return MakeQuestionnaireRequest(survey, n); },
      "get_questionnaire", report)));
  return Measure<v1::NextStepRequest, v1::Step>(
      "NextStep", load, echo, workspace, [&](int64_t n) { return MakeStepRequest(survey, n); }, "next_step", report);
}

}  // namespace canvass::bench
