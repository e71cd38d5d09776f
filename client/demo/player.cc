#include "client/demo/player.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/demo/crowd.h"
#include "client/demo/story_parts.h"

namespace canvass::demo {
namespace {

constexpr std::size_t kBatch = 1000;

absl::StatusOr<std::unique_ptr<client::Client>> Connect(const std::string& address, const std::string& credential) {
  client::ClientOptions options;
  options.address = address;
  options.credential = credential;
  options.user_agent = "canvass-demo";
  return client::Client::Create(std::move(options));
}

}  // namespace

absl::StatusOr<Telling> Player::Tell(const Story& story) {
  for (const auto step : {&Player::Provision, &Player::ApplySurveys, &Player::ApplyTriggers, &Player::UploadContacts}) {
    if (absl::Status status = (this->*step)(story); !status.ok()) return status;
  }
  Telling telling;
  const absl::Time published = absl::Now();
  if (absl::Status status = PublishHistory(story, telling); !status.ok()) return status;
  Crowd crowd(*client_, story, options_.in_flight, {.timeout = options_.patience});
  absl::Status status = crowd.PublishEvents([&](int64_t done, int64_t total) { progress_("events", done, total); });
  if (!status.ok()) return status;
  telling.events = static_cast<int64_t>(story.history.size() + story.encounters.size());
  telling.repeated_events += crowd.repeated_events();
  telling.event_time = absl::Now() - published;

  const absl::Time answered = absl::Now();
  status = crowd.Answer([&](int64_t done, int64_t total) { progress_("customers", done, total); });
  if (!status.ok()) return status;
  telling.answers = crowd.answers();
  telling.repeated_answers = crowd.repeated_answers();
  telling.answer_time = absl::Now() - answered;
  return telling;
}

absl::Status Player::Provision(const Story& story) {
  absl::StatusOr<std::unique_ptr<client::Client>> operators = Connect(options_.address, options_.operator_credential);
  if (!operators.ok()) return operators.status();
  v1::CreateTenantRequest request;
  request.set_tenant_id(story.tenant_id);
  request.mutable_tenant()->set_display_name(story.display_name);
  request.mutable_tenant()->set_time_zone(story.time_zone);
  const auto tenant = (*operators)->Call(&client::Tenants::CreateTenant, request, {.timeout = options_.patience});
  if (!tenant.ok()) return tenant.status();
  return MakeKey(**operators, story);
}

absl::Status Player::MakeKey(client::Client& operators, const Story& story) {
  v1::CreateApiKeyRequest request;
  request.set_parent(TenantName(story));
  request.mutable_api_key()->set_display_name("demo");
  request.mutable_api_key()->set_role(v1::ApiKey::ROLE_ADMIN);
  const auto key = operators.Call(&client::ApiKeys::CreateApiKey, request);
  if (!key.ok()) return key.status();
  credential_ = key->credential();
  absl::StatusOr<std::unique_ptr<client::Client>> client = Connect(options_.address, credential_);
  if (!client.ok()) return client.status();
  client_ = *std::move(client);
  return absl::OkStatus();
}

absl::Status Player::ApplySurveys(const Story& story) {
  for (const NamedSurvey& named : story.surveys) {
    v1::UpdateSurveyRequest request;
    *request.mutable_survey() = named.survey;
    request.mutable_survey()->set_name(SurveyName(story, named.id));
    request.set_allow_missing(true);
    const auto survey = client_->Call(&client::Surveys::UpdateSurvey, request);
    if (!survey.ok()) return survey.status();
    v1::PublishSurveyRequest publish;
    publish.set_name(survey->name());
    const auto published = client_->Call(&client::Surveys::PublishSurvey, publish);
    if (!published.ok()) return published.status();
  }
  return absl::OkStatus();
}

absl::Status Player::ApplyTriggers(const Story& story) {
  for (const NamedTrigger& named : story.triggers) {
    v1::UpdateTriggerRequest request;
    *request.mutable_trigger() = named.trigger;
    request.mutable_trigger()->set_name(absl::StrCat(TenantName(story), "/triggers/", named.id));
    request.set_allow_missing(true);
    const auto trigger = client_->Call(&client::Triggers::UpdateTrigger, request);
    if (!trigger.ok()) return trigger.status();
  }
  return absl::OkStatus();
}

absl::Status Player::UploadContacts(const Story& story) {
  const std::size_t total = story.contacts.size();
  for (std::size_t begin = 0; begin < total; begin += kBatch) {
    v1::BatchUpsertContactsRequest request;
    request.set_parent(TenantName(story));
    const std::size_t end = std::min(begin + kBatch, total);
    for (std::size_t i = begin; i < end; ++i) *request.add_contacts() = story.contacts[i];
    const auto stored = client_->Call(&client::Contacts::BatchUpsertContacts, request, {.timeout = options_.patience});
    if (!stored.ok()) return stored.status();
    if (stored->problems_size() > 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("a contact was refused: ", stored->problems(0).problem().message()));
    }
    progress_("contacts", static_cast<int64_t>(end), static_cast<int64_t>(total));
  }
  return absl::OkStatus();
}

absl::Status Player::PublishHistory(const Story& story, Telling& telling) {
  const std::size_t total = story.history.size();
  for (std::size_t begin = 0; begin < total; begin += kBatch) {
    v1::PublishEventsRequest request;
    request.set_parent(TenantName(story));
    const std::size_t end = std::min(begin + kBatch, total);
    for (std::size_t i = begin; i < end; ++i) *request.add_events() = story.history[i];
    const auto published = client_->Call(&client::Events::PublishEvents, request, {.timeout = options_.patience});
    if (!published.ok()) return published.status();
    for (const v1::EventResult& result : published->results()) {
      if (result.outcome() == v1::EventResult::OUTCOME_DUPLICATE) ++telling.repeated_events;
      if (result.outcome() == v1::EventResult::OUTCOME_REFUSED) {
        return absl::InvalidArgumentError(absl::StrCat("an event was refused: ", result.problem().message()));
      }
    }
    progress_("purchases", static_cast<int64_t>(end), static_cast<int64_t>(total));
  }
  return absl::OkStatus();
}

}  // namespace canvass::demo
