#include "tests/process/workspace.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"

namespace canvass::testing {
namespace {

using client::ApiKeys;
using client::Surveys;
using client::Tenants;
using client::Triggers;

constexpr std::array<const char*, 8> kCountries = {"FR", "CZ", "SK", "PL", "SI", "DE", "AT", "US"};
constexpr std::array<const char*, 3> kReasons = {"price", "quality", "service"};

const char* CountryOf(int64_t n) { return kCountries[static_cast<std::size_t>(n) % kCountries.size()]; }

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
  for (const char* key : kReasons) {
    auto* option = reason->add_options();
    option->set_key(key);
    (*option->mutable_text())["en"] = key;
  }
  add("comment", "Anything else?")->mutable_free_text();
  return definition;
}

absl::Status MakeTrigger(Workspace& workspace) {
  v1::CreateTriggerRequest create;
  create.set_parent(workspace.tenant);
  create.set_trigger_id("after-visit");
  create.mutable_trigger()->set_event_type("visit.ended");
  create.mutable_trigger()->set_survey(workspace.survey);
  const absl::StatusOr<v1::Trigger> trigger = workspace.admin->Call(&Triggers::CreateTrigger, create);
  if (!trigger.ok()) return trigger.status();
  workspace.trigger = trigger->name();
  return absl::OkStatus();
}

void AddAnswers(v1::Response& response, int64_t n) {
  response.set_language("en");
  const auto add = [&](const char* key) {
    v1::Answer* answer = response.add_answers();
    answer->set_question(key);
    return answer;
  };
  add("recommend")->set_score(static_cast<int>(n * 7 % 11));
  add("overall")->set_score(static_cast<int>(1 + n * 3 % 5));
  add("reason")->set_choice(kReasons[static_cast<std::size_t>(n) % kReasons.size()]);
  add("comment")->set_text("The delivery came a day early and everything was in one piece.");
}

}  // namespace

std::unique_ptr<client::Client> Connect(const std::string& address, const std::string& credential) {
  client::ClientOptions options;
  options.address = address;
  options.credential = credential;
  options.tls.transport = client::Transport::kPlaintext;
  return *client::Client::Create(std::move(options));
}

absl::StatusOr<Workspace> MakeWorkspace(const std::string& address, const std::string& operator_credential,
                                        const std::string& tenant_id) {
  Workspace workspace;
  workspace.address = address;
  workspace.tenant = absl::StrCat("tenants/", tenant_id);
  workspace.admin = Connect(address, operator_credential);
  v1::CreateTenantRequest create;
  create.set_tenant_id(tenant_id);
  if (const auto tenant = workspace.admin->Call(&Tenants::CreateTenant, create); !tenant.ok()) return tenant.status();
  absl::StatusOr<std::string> credential = MakeKey(workspace, v1::ApiKey::ROLE_ADMIN);
  if (!credential.ok()) return credential.status();
  workspace.credential = *std::move(credential);
  workspace.admin = Connect(address, workspace.credential);
  absl::StatusOr<std::string> survey = PublishSurvey(workspace, "visit", Definition());
  if (!survey.ok()) return survey.status();
  workspace.survey = *std::move(survey);
  if (absl::Status status = MakeTrigger(workspace); !status.ok()) return status;
  return workspace;
}

absl::StatusOr<std::string> PublishSurvey(const Workspace& workspace, const std::string& survey_id,
                                          const v1::SurveyDefinition& definition) {
  v1::CreateSurveyRequest create;
  create.set_parent(workspace.tenant);
  create.set_survey_id(survey_id);
  *create.mutable_survey()->mutable_definition() = definition;
  const absl::StatusOr<v1::Survey> survey = workspace.admin->Call(&Surveys::CreateSurvey, create);
  if (!survey.ok()) return survey.status();
  v1::PublishSurveyRequest publish;
  publish.set_name(survey->name());
  const absl::StatusOr<v1::Survey> published = workspace.admin->Call(&Surveys::PublishSurvey, publish);
  if (!published.ok()) return published.status();
  return published->name();
}

absl::StatusOr<std::string> MakeKey(const Workspace& workspace, v1::ApiKey::Role role) {
  v1::CreateApiKeyRequest create;
  create.set_parent(workspace.tenant);
  create.mutable_api_key()->set_role(role);
  const absl::StatusOr<v1::CreateApiKeyResponse> made = workspace.admin->Call(&ApiKeys::CreateApiKey, create);
  if (!made.ok()) return made.status();
  return made->credential();
}

v1::Event MakeEvent(absl::string_view contact, int64_t n) {
  v1::Event event;
  event.set_source("/tests/visits");
  event.set_id(absl::StrCat(contact, "-", n));
  event.set_type("visit.ended");
  event.set_subject(std::string(contact));
  event.mutable_time()->set_seconds(1'750'000'000 + n);
  auto& data = *event.mutable_data()->mutable_fields();
  data["country"].set_string_value(CountryOf(n));
  data["total"].set_number_value(static_cast<double>(n % 100));
  return event;
}

v1::SubmitResponseRequest MakeSubmission(const Workspace& workspace, int64_t n) {
  v1::SubmitResponseRequest request;
  request.set_parent(workspace.tenant);
  v1::Response& response = *request.mutable_response();
  response.set_survey(workspace.survey);
  auto* event = (*response.mutable_facts()->mutable_fields())["event"].mutable_struct_value();
  (*event->mutable_fields())["country"].set_string_value(CountryOf(n));
  AddAnswers(response, n);
  return request;
}

v1::SubmitResponseRequest MakeSubmission(const Workspace& workspace, const v1::Invitation& invitation, int64_t n) {
  v1::SubmitResponseRequest request;
  request.set_parent(workspace.tenant);
  request.set_invitation_token(invitation.token());
  AddAnswers(*request.mutable_response(), n);
  return request;
}

}  // namespace canvass::testing
