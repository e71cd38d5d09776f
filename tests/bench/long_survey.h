// The survey that questionnaires are measured with: 60 questions of many kinds with logic, pages and pipes, in five
// languages.
#ifndef CANVASS_TESTS_BENCH_LONG_SURVEY_H_
#define CANVASS_TESTS_BENCH_LONG_SURVEY_H_

#include <cstdint>

#include "canvass/v1/questionnaire.pb.h"
#include "canvass/v1/survey.pb.h"
#include "canvass/v1/survey_service.pb.h"

namespace canvass::bench {

// `tenants/{tenant}` is left to the caller; it can be published as it is.
v1::SurveyDefinition LongSurvey();

// The nth respondent asks in one of the languages.
v1::GetQuestionnaireRequest MakeQuestionnaireRequest(const std::string& survey, int64_t n);

// The nth respondent leaves one of the pages, with all answers up to it.
v1::NextStepRequest MakeStepRequest(const std::string& survey, int64_t n);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_LONG_SURVEY_H_
