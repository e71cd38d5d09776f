#include "server/responses/questionnaire/get_questionnaire.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <string>

#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/responses/questionnaire/shown_question.h"
#include "server/surveys/texts/languages.h"
#include "server/surveys/texts/late_message.h"

namespace canvass::responses {

absl::StatusOr<v1::Questionnaire> GetQuestionnaire(Respondents& respondents, const TenantScope& scope,
                                                   const v1::GetQuestionnaireRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const Respondent respondent, respondents.Resolve(scope, request.context()));
  const LocalizedSurvey& survey = *respondent.survey;
  v1::Questionnaire questionnaire;
  questionnaire.set_survey_version(survey.version->name());
  questionnaire.set_language(survey.language);
  for (std::string& language : surveys::LanguagesOf(survey.version->definition())) {
    questionnaire.add_languages(std::move(language));
  }
  questionnaire.set_availability(respondent.availability);
  const google::protobuf::RepeatedPtrField<v1::Answer> none;
  const Reader reader = {.survey = survey, .seed = respondent.seed, .facts = *respondent.facts, .answers = none};
  if (respondent.is_open()) {
    *questionnaire.mutable_definition() = WholeDefinition(reader);
    *questionnaire.mutable_expected_duration() = ToProto(survey.expected_duration);
  } else {
    for (const auto& [language, title] : survey.definition.title()) {
      (*questionnaire.mutable_definition()->mutable_title())[language] = ReadText(reader, title);
    }
    questionnaire.set_message(surveys::LateMessage(survey.definition, survey.language, respondent.availability));
  }
  return questionnaire;
}

}  // namespace canvass::responses
