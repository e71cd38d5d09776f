#include "server/rpc/method_policy.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/api_key_service.pb.h"
#include "canvass/v1/contact_service.pb.h"
#include "canvass/v1/decision_service.pb.h"
#include "canvass/v1/event_service.pb.h"
#include "canvass/v1/event_source_service.pb.h"
#include "canvass/v1/invitation_service.pb.h"
#include "canvass/v1/metric_service.pb.h"
#include "canvass/v1/operation_service.pb.h"
#include "canvass/v1/outbox_service.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "canvass/v1/segment_service.pb.h"
#include "canvass/v1/settings_service.pb.h"
#include "canvass/v1/suppression_service.pb.h"
#include "canvass/v1/survey_link_service.pb.h"
#include "canvass/v1/survey_service.pb.h"
#include "canvass/v1/tenant_service.pb.h"
#include "canvass/v1/trigger_service.pb.h"

namespace canvass::rpc {
namespace {

using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using tenants::Callers;

// Names a message of every file, which a linker would leave out of this test otherwise.
void LinkTheContract() {
  google::protobuf::LinkMessageReflection<v1::CreateApiKeyRequest>();
  google::protobuf::LinkMessageReflection<v1::UpsertContactRequest>();
  google::protobuf::LinkMessageReflection<v1::GetDecisionRequest>();
  google::protobuf::LinkMessageReflection<v1::PublishEventsRequest>();
  google::protobuf::LinkMessageReflection<v1::CreateEventSourceRequest>();
  google::protobuf::LinkMessageReflection<v1::ListPendingInvitationsRequest>();
  google::protobuf::LinkMessageReflection<v1::QueryMetricRequest>();
  google::protobuf::LinkMessageReflection<v1::GetOperationRequest>();
  google::protobuf::LinkMessageReflection<v1::GetOutboxMessageRequest>();
  google::protobuf::LinkMessageReflection<v1::SubmitResponseRequest>();
  google::protobuf::LinkMessageReflection<v1::CreateSegmentRequest>();
  google::protobuf::LinkMessageReflection<v1::GetContactPolicyRequest>();
  google::protobuf::LinkMessageReflection<v1::CreateSuppressionRequest>();
  google::protobuf::LinkMessageReflection<v1::CreateSurveyLinkRequest>();
  google::protobuf::LinkMessageReflection<v1::CreateSurveyRequest>();
  google::protobuf::LinkMessageReflection<v1::CreateTenantRequest>();
  google::protobuf::LinkMessageReflection<v1::CreateTriggerRequest>();
}

// Every method of the contract, found by the files that are there, so that a new service is seen.
std::vector<const MethodDescriptor*> MethodsOfTheContract() {
  LinkTheContract();
  std::vector<const MethodDescriptor*> methods;
  for (const auto& entry : std::filesystem::directory_iterator("proto/canvass/v1")) {
    const std::string name = entry.path().filename().string();
    if (!absl::EndsWith(name, "_service.proto")) continue;
    const FileDescriptor* file =
        google::protobuf::DescriptorPool::generated_pool()->FindFileByName(absl::StrCat("canvass/v1/", name));
    EXPECT_NE(file, nullptr) << name << ": name one of its messages in LinkTheContract";
    for (int i = 0; file != nullptr && i < file->service_count(); ++i) {
      const ServiceDescriptor* service = file->service(i);
      for (int j = 0; j < service->method_count(); ++j) methods.push_back(service->method(j));
    }
  }
  return methods;
}

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

TEST(MethodPolicyTest, EveryMethodHasARowAndEveryRowAMethod) {
  std::set<std::string> methods, rows;
  for (const MethodDescriptor* method : MethodsOfTheContract()) methods.insert(PathOf(*method));
  ASSERT_GT(methods.size(), 50u);
  for (const MethodPolicy& policy : MethodPolicies()) {
    EXPECT_TRUE(rows.insert(std::string(policy.method)).second) << "two rows for " << policy.method;
    EXPECT_EQ(policy.method.data()[policy.method.size()], '\0') << policy.method;
  }
  EXPECT_EQ(methods, rows);
}

TEST(MethodPolicyTest, WritesOfTenantsStopWithASuspension) {
  for (const MethodPolicy& policy : MethodPolicies()) {
    const bool operators_alone = policy.callers == Callers::kOperator;
    const bool runs_suspended = policy.tenant_states == TenantStates::kActiveOrSuspended;
    EXPECT_EQ(runs_suspended, operators_alone || policy.access == Access::kRead) << policy.method;
  }
}

// A backtest changes nothing that a tenant keeps, nor does giving it up.
TEST(MethodPolicyTest, NamesTellReadsFromWrites) {
  static const std::set<std::string> verbs = {"Get",  "List",   "Count", "Query",   "Diff",   "Explain",  "Check",
                                              "Next", "Export", "Watch", "Compare", "Verify", "Backtest", "Cancel"};
  for (const MethodDescriptor* method : MethodsOfTheContract()) {
    bool reads = false;
    for (const std::string& verb : verbs) reads = reads || absl::StartsWith(method->name(), verb);
    EXPECT_EQ(FindMethodPolicy(PathOf(*method))->access == Access::kRead, reads) << method->full_name();
  }
}

TEST(MethodPolicyTest, TheOperatorStaysOutOfTenantsData) {
  for (const MethodPolicy& policy : MethodPolicies()) {
    const bool provisioning = absl::StartsWith(policy.method, "/canvass.v1.TenantService/") ||
                              absl::StartsWith(policy.method, "/canvass.v1.ApiKeyService/");
    EXPECT_EQ(policy.callers.Includes(Callers::kOperator), provisioning) << policy.method;
  }
}

TEST(MethodPolicyTest, AdminsMayDoEverythingWithinTheirTenant) {
  for (const MethodPolicy& policy : MethodPolicies()) {
    EXPECT_TRUE(policy.callers == Callers::kOperator || policy.callers.Includes(Callers::kAdmin)) << policy.method;
    if (policy.access == Access::kWrite) {
      EXPECT_FALSE(policy.callers.Includes(Callers::kAnalyst)) << policy.method;
    }
  }
}

TEST(MethodPolicyTest, OnlyStreamsRunWithoutADeadline) {
  for (const MethodDescriptor* method : MethodsOfTheContract()) {
    const MethodPolicy& policy = *FindMethodPolicy(PathOf(*method));
    const bool stream = method->client_streaming() || method->server_streaming();
    EXPECT_EQ(policy.default_deadline == absl::InfiniteDuration(), stream) << policy.method;
    EXPECT_GT(policy.quota_cost, 0) << policy.method;
  }
}

TEST(CallersTest, NobodyIsNowhere) {
  const Callers nobody = Callers::OfRole(v1::ApiKey::ROLE_UNSPECIFIED);
  for (const MethodPolicy& policy : MethodPolicies()) EXPECT_FALSE(policy.callers.Includes(nobody)) << policy.method;
}

}  // namespace
}  // namespace canvass::rpc
