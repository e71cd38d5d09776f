#include "server/rpc/services/response_service.h"

#include <utility>

#include "canvass/v1/response_service.pb.h"
#include "server/responses/changing/update_response.h"
#include "server/responses/drafts/save_partial_response.h"
#include "server/responses/reading/export_responses.h"
#include "server/responses/reading/get_response.h"
#include "server/responses/reading/list_responses.h"
#include "server/responses/submit_response.h"
#include "server/responses/submitting/submit_many.h"
#include "server/responses/watching/watch_responses.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeResponseService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.ResponseService", pipeline);
  service->Asynchronous<v1::SubmitResponseRequest, v1::SubmitResponseResponse>(
      "SubmitResponse", [&rooms](const CallFacts& facts, v1::SubmitResponseRequest request, auto done) {
        rooms.intake.Submit(facts.scope, std::move(request), facts.deadline, std::move(done));
      });
  service->Asynchronous<v1::BatchSubmitResponsesRequest, v1::BatchSubmitResponsesResponse>(
      "BatchSubmitResponses", [&rooms](const CallFacts& facts, v1::BatchSubmitResponsesRequest request, auto done) {
        responses::BatchSubmitResponses(rooms.intake, facts.scope, std::move(request), facts.deadline, std::move(done));
      });
  service->Streaming<v1::StreamResponsesRequest, v1::StreamResponsesResponse>(
      "StreamResponses", [&rooms](const CallFacts& facts, v1::StreamResponsesRequest request, auto done) {
        responses::StreamResponses(rooms.intake, facts.scope, std::move(request), facts.deadline, std::move(done));
      });
  service->Blocking<v1::SavePartialResponseRequest>(
      "SavePartialResponse", [&rooms](const Call& call, const auto& request) {
        return responses::SavePartialResponse(rooms.partial_responses, call.scope(), request);
      });
  service->Blocking<v1::GetPartialResponseRequest>(
      "GetPartialResponse", [&rooms](const Call& call, const auto& request) {
        return responses::GetPartialResponse(rooms.partial_responses, call.scope(), request);
      });
  service->Blocking<v1::GetResponseRequest>("GetResponse", [&rooms](const Call& call, const auto& request) {
    return responses::GetResponse(rooms.responses, call.scope(), request);
  });
  service->Blocking<v1::ListResponsesRequest>("ListResponses", [&rooms](const Call& call, const auto& request) {
    return responses::ListResponses(rooms.responses, rooms.survey_catalog, call.scope(), request);
  });
  service->Pushing<v1::ExportResponsesRequest, v1::ExportResponsesResponse>(
      "ExportResponses", [&rooms](const Call& call, const auto& request) {
        return responses::ExportResponses(rooms.response_exports, rooms.survey_catalog, call.scope(), request);
      });
  service->Pushing<v1::WatchResponsesRequest, v1::WatchResponsesResponse>(
      "WatchResponses", [&rooms](const Call& call, const auto& request) {
        return responses::WatchResponses(rooms.response_watch, rooms.survey_catalog, call.scope(), request);
      });
  service->Blocking<v1::UpdateResponseRequest>("UpdateResponse", [&rooms](const Call& call, const auto& request) {
    return responses::UpdateResponse(rooms.response_changes, call.scope(), request);
  });
  service->Blocking<v1::ExcludeResponseRequest>("ExcludeResponse", [&rooms](const Call& call, const auto& request) {
    return responses::ExcludeResponse(rooms.response_changes, call.scope(), request);
  });
  service->Blocking<v1::IncludeResponseRequest>("IncludeResponse", [&rooms](const Call& call, const auto& request) {
    return responses::IncludeResponse(rooms.response_changes, call.scope(), request);
  });
  service->Blocking<v1::DeleteResponseRequest>("DeleteResponse", [&rooms](const Call& call, const auto& request) {
    return responses::DeleteResponse(rooms.response_changes, call.scope(), request);
  });
  return service;
}

}  // namespace canvass::rpc
