#include "server/rpc/services/survey_service.h"

#include "canvass/v1/survey_service.pb.h"
#include "server/responses/questionnaire/get_questionnaire.h"
#include "server/responses/questionnaire/next_step.h"
#include "server/surveys/check_survey.h"
#include "server/surveys/create_survey.h"
#include "server/surveys/get_survey.h"
#include "server/surveys/lifecycle/archive_survey.h"
#include "server/surveys/lifecycle/close_survey.h"
#include "server/surveys/lifecycle/copy_survey.h"
#include "server/surveys/lifecycle/reopen_survey.h"
#include "server/surveys/lifecycle/restore_survey.h"
#include "server/surveys/publish_survey.h"
#include "server/surveys/update_survey.h"
#include "server/surveys/versions/diff_survey_versions.h"
#include "server/surveys/versions/get_survey_version.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeSurveyService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.SurveyService", pipeline);
  service->Blocking<v1::CreateSurveyRequest>("CreateSurvey", [&rooms](const Call& call, const auto& request) {
    return surveys::CreateSurvey(rooms.surveys, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::GetSurveyRequest>("GetSurvey", [&rooms](const Call& call, const auto& request) {
    return surveys::GetSurvey(rooms.surveys, call.scope(), request);
  });
  service->Blocking<v1::ListSurveysRequest>("ListSurveys", [&rooms](const Call& call, const auto& request) {
    return surveys::ListSurveys(rooms.surveys, call.scope(), request);
  });
  service->Blocking<v1::UpdateSurveyRequest>("UpdateSurvey", [&rooms](const Call& call, const auto& request) {
    return surveys::UpdateSurvey(rooms.surveys, rooms.survey_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::CheckSurveyRequest>(
      "CheckSurvey", [](const Call& call, const auto& request) { return surveys::CheckSurvey(call.scope(), request); });
  service->Blocking<v1::PublishSurveyRequest>("PublishSurvey", [&rooms](const Call& call, const auto& request) {
    return surveys::PublishSurvey(rooms.surveys, rooms.survey_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::CloseSurveyRequest>("CloseSurvey", [&rooms](const Call& call, const auto& request) {
    return surveys::CloseSurvey(rooms.surveys, rooms.survey_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::ReopenSurveyRequest>("ReopenSurvey", [&rooms](const Call& call, const auto& request) {
    return surveys::ReopenSurvey(rooms.surveys, rooms.survey_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::ArchiveSurveyRequest>("ArchiveSurvey", [&rooms](const Call& call, const auto& request) {
    return surveys::ArchiveSurvey(rooms.surveys, rooms.survey_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::RestoreSurveyRequest>("RestoreSurvey", [&rooms](const Call& call, const auto& request) {
    return surveys::RestoreSurvey(rooms.surveys, rooms.survey_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::CopySurveyRequest>("CopySurvey", [&rooms](const Call& call, const auto& request) {
    return surveys::CopySurvey(rooms.surveys, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::GetSurveyVersionRequest>("GetSurveyVersion", [&rooms](const Call& call, const auto& request) {
    return surveys::GetSurveyVersion(rooms.surveys, call.scope(), request);
  });
  service->Blocking<v1::ListSurveyVersionsRequest>(
      "ListSurveyVersions", [&rooms](const Call& call, const auto& request) {
        return surveys::ListSurveyVersions(rooms.surveys, call.scope(), request);
      });
  service->Blocking<v1::GetQuestionnaireRequest>("GetQuestionnaire", [&rooms](const Call& call, const auto& request) {
    return responses::GetQuestionnaire(rooms.respondents, call.scope(), request);
  });
  service->Blocking<v1::NextStepRequest>(
      "NextStep",
      [&rooms](const Call& call, const auto& request) {
        return responses::NextStep(rooms.respondents, call.scope(), request);
      },
      [&rooms](const Call& call, const auto& request) {
        return responses::NextStepFromMemory(rooms.respondents, call.scope(), request);
      });
  service->Blocking<v1::DiffSurveyVersionsRequest>(
      "DiffSurveyVersions", [&rooms](const Call& call, const auto& request) {
        return surveys::DiffSurveyVersions(rooms.surveys, call.scope(), request);
      });
  return service;
}

}  // namespace canvass::rpc
