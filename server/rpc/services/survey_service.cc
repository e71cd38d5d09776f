#include "server/rpc/services/survey_service.h"

#include "canvass/v1/survey_service.pb.h"
#include "server/surveys/check_survey.h"
#include "server/surveys/close_survey.h"
#include "server/surveys/create_survey.h"
#include "server/surveys/get_survey.h"
#include "server/surveys/get_survey_version.h"
#include "server/surveys/publish_survey.h"
#include "server/surveys/update_survey.h"

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
    return surveys::UpdateSurvey(rooms.surveys, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::CheckSurveyRequest>("CheckSurvey", [](const Call& call, const auto& request) {
    return surveys::CheckSurvey(call.scope(), request);
  });
  service->Blocking<v1::PublishSurveyRequest>("PublishSurvey", [&rooms](const Call& call, const auto& request) {
    return surveys::PublishSurvey(rooms.surveys, rooms.survey_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::CloseSurveyRequest>("CloseSurvey", [&rooms](const Call& call, const auto& request) {
    return surveys::CloseSurvey(rooms.surveys, rooms.survey_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::GetSurveyVersionRequest>("GetSurveyVersion", [&rooms](const Call& call, const auto& request) {
    return surveys::GetSurveyVersion(rooms.surveys, call.scope(), request);
  });
  service->Blocking<v1::ListSurveyVersionsRequest>(
      "ListSurveyVersions", [&rooms](const Call& call, const auto& request) {
        return surveys::ListSurveyVersions(rooms.surveys, call.scope(), request);
      });
  return service;
}

}  // namespace canvass::rpc
