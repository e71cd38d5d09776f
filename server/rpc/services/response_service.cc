#include "server/rpc/services/response_service.h"

#include <utility>

#include "canvass/v1/response_service.pb.h"
#include "server/responses/get_response.h"
#include "server/responses/submit_response.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeResponseService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.ResponseService", pipeline);
  service->Asynchronous<v1::SubmitResponseRequest, v1::SubmitResponseResponse>(
      "SubmitResponse", [&rooms](const CallFacts& facts, v1::SubmitResponseRequest request, auto done) {
        rooms.intake.Submit(facts.scope, std::move(request), facts.deadline, std::move(done));
      });
  service->Blocking<v1::GetResponseRequest>("GetResponse", [&rooms](const Call& call, const auto& request) {
    return responses::GetResponse(rooms.responses, call.scope(), request);
  });
  service->Blocking<v1::ListResponsesRequest>("ListResponses", [&rooms](const Call& call, const auto& request) {
    return responses::ListResponses(rooms.responses, rooms.survey_catalog, call.scope(), request);
  });
  return service;
}

}  // namespace canvass::rpc
