#include "server/rpc/orchestration/survey_link_service.h"

#include "canvass/v1/survey_link_service.pb.h"
#include "server/distribution/links/create_survey_link.h"
#include "server/distribution/links/delete_survey_link.h"
#include "server/distribution/links/get_survey_link.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeSurveyLinkService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.SurveyLinkService", pipeline);
  service->Blocking<v1::CreateSurveyLinkRequest>("CreateSurveyLink", [&rooms](const Call& call, const auto& request) {
    return distribution::CreateSurveyLink(rooms.survey_links, rooms.survey_link_addresses, rooms.survey_catalog,
                                          rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::GetSurveyLinkRequest>("GetSurveyLink", [&rooms](const Call& call, const auto& request) {
    return distribution::GetSurveyLink(rooms.survey_links, rooms.survey_link_addresses, call.scope(), request);
  });
  service->Blocking<v1::ListSurveyLinksRequest>("ListSurveyLinks", [&rooms](const Call& call, const auto& request) {
    return distribution::ListSurveyLinks(rooms.survey_links, rooms.survey_link_addresses, call.scope(), request);
  });
  service->Blocking<v1::DeleteSurveyLinkRequest>("DeleteSurveyLink", [&rooms](const Call& call, const auto& request) {
    return distribution::DeleteSurveyLink(rooms.survey_links, call.scope(), request);
  });
  return service;
}

}  // namespace canvass::rpc
