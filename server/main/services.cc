#include "server/main/services.h"

#include "server/rpc/orchestration/contact_service.h"
#include "server/rpc/orchestration/decision_service.h"
#include "server/rpc/orchestration/event_service.h"
#include "server/rpc/orchestration/event_source_service.h"
#include "server/rpc/orchestration/invitation_service.h"
#include "server/rpc/orchestration/operation_service.h"
#include "server/rpc/orchestration/outbox_service.h"
#include "server/rpc/orchestration/segment_service.h"
#include "server/rpc/orchestration/settings_service.h"
#include "server/rpc/orchestration/suppression_service.h"
#include "server/rpc/orchestration/survey_link_service.h"
#include "server/rpc/orchestration/trigger_service.h"
#include "server/rpc/services/api_key_service.h"
#include "server/rpc/services/metric_service.h"
#include "server/rpc/services/response_service.h"
#include "server/rpc/services/survey_service.h"
#include "server/rpc/services/tenant_service.h"

namespace canvass {

std::vector<std::unique_ptr<rpc::RpcService>> MakeServices(rpc::CallPipeline& pipeline, const rpc::Rooms& rooms) {
  std::vector<std::unique_ptr<rpc::RpcService>> services;
  services.push_back(rpc::MakeTenantService(pipeline, rooms.tenants));
  services.push_back(rpc::MakeApiKeyService(pipeline, rooms.tenants));
  for (const auto make :
       {&rpc::MakeSurveyService, &rpc::MakeContactService, &rpc::MakeSegmentService, &rpc::MakeSuppressionService,
        &rpc::MakeEventService, &rpc::MakeEventSourceService, &rpc::MakeTriggerService, &rpc::MakeDecisionService,
        &rpc::MakeInvitationService, &rpc::MakeOutboxService, &rpc::MakeOperationService, &rpc::MakeSurveyLinkService,
        &rpc::MakeSettingsService, &rpc::MakeResponseService, &rpc::MakeMetricService}) {
    services.push_back(make(pipeline, rooms));
  }
  return services;
}

}  // namespace canvass
