#include "tests/bench/workspace.h"

#include <grpcpp/grpcpp.h>

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/status/status.h"
#include "canvass/v1/api_key_service.grpc.pb.h"
#include "canvass/v1/survey_service.grpc.pb.h"
#include "canvass/v1/tenant_service.grpc.pb.h"
#include "server/base/status_macros.h"

namespace canvass::bench {
namespace {

constexpr std::array<const char*, 8> kCountries = {"FR", "CZ", "SK", "PL", "SI", "DE", "AT", "US"};

// One blocking call with a credential.
template <typename Stub, typename Request, typename Reply>
absl::Status Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                  const std::string& credential, const Request& request, Reply& reply) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", credential));
  const grpc::Status status = (stub.*method)(&context, request, &reply);
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

v1::SurveyDefinition Definition() {
  v1::SurveyDefinition definition;
  definition.set_default_language("en");
  definition.add_breakdowns("event.country");
  const auto add = [&](const char* key, const char* text) {
    v1::Question* question = definition.add_questions();
    question->set_key(key);
    (*question->mutable_text())["en"] = text;
    return question;
  };
  add("recommend", "How likely are you to recommend us?")->mutable_nps();
  add("overall", "How satisfied are you?")->mutable_csat()->set_points(5);
  auto* reason = add("reason", "What brought you here?")->mutable_single_choice();
  for (const char* key : {"price", "quality", "service"}) {
    auto* option = reason->add_options();
    option->set_key(key);
    (*option->mutable_text())["en"] = key;
  }
  add("comment", "Anything else?")->mutable_free_text();
  return definition;
}

}  // namespace

absl::StatusOr<Workspace> MakeWorkspace(const std::string& address, const std::string& operator_credential,
                                        const std::string& tenant) {
  const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  Workspace workspace{.tenant = absl::StrCat("tenants/", tenant)};

  auto tenants = v1::TenantService::NewStub(channel);
  v1::CreateTenantRequest create_tenant;
  create_tenant.set_tenant_id(tenant);
  v1::Tenant made_tenant;
  CANVASS_RETURN_IF_ERROR(
      Call(*tenants, &v1::TenantService::Stub::CreateTenant, operator_credential, create_tenant, made_tenant));

  auto keys = v1::ApiKeyService::NewStub(channel);
  v1::CreateApiKeyRequest create_key;
  create_key.set_parent(workspace.tenant);
  create_key.mutable_api_key()->set_role(v1::ApiKey::ROLE_ADMIN);
  v1::CreateApiKeyResponse made_key;
  CANVASS_RETURN_IF_ERROR(Call(*keys, &v1::ApiKeyService::Stub::CreateApiKey, operator_credential, create_key, made_key));
  workspace.credential = made_key.credential();

  auto surveys = v1::SurveyService::NewStub(channel);
  v1::CreateSurveyRequest create_survey;
  create_survey.set_parent(workspace.tenant);
  create_survey.set_survey_id("bench");
  *create_survey.mutable_survey()->mutable_definition() = Definition();
  v1::Survey survey;
  CANVASS_RETURN_IF_ERROR(
      Call(*surveys, &v1::SurveyService::Stub::CreateSurvey, workspace.credential, create_survey, survey));
  workspace.survey = survey.name();
  v1::PublishSurveyRequest publish;
  publish.set_name(workspace.survey);
  CANVASS_RETURN_IF_ERROR(
      Call(*surveys, &v1::SurveyService::Stub::PublishSurvey, workspace.credential, publish, survey));
  return workspace;
}

v1::SubmitResponseRequest MakeSubmission(const Workspace& workspace, int64_t n) {
  constexpr std::array<const char*, 3> kReasons = {"price", "quality", "service"};
  v1::SubmitResponseRequest request;
  request.set_parent(workspace.tenant);
  v1::Response* response = request.mutable_response();
  response->set_survey(workspace.survey);
  response->set_language("en");
  auto* event = (*response->mutable_facts()->mutable_fields())["event"].mutable_struct_value();
  (*event->mutable_fields())["country"].set_string_value(kCountries[static_cast<std::size_t>(n) % kCountries.size()]);
  const auto add = [&](const char* key) {
    v1::Answer* answer = response->add_answers();
    answer->set_question(key);
    return answer;
  };
  add("recommend")->set_score(static_cast<int>(n * 7 % 11));
  add("overall")->set_score(static_cast<int>(1 + n * 3 % 5));
  add("reason")->set_choice(kReasons[static_cast<std::size_t>(n) % kReasons.size()]);
  add("comment")->set_text("The delivery came a day early and everything was in one piece.");
  return request;
}

}  // namespace canvass::bench
