#include "server/responses/questionnaire/respondents.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/language_tag.h"
#include "server/conditions/facts.h"
#include "server/responses/validation/hidden_facts.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/publishing/check_for_publish.h"
#include "server/surveys/versions/definition_name.h"

namespace canvass::responses {
namespace {

using v1::Questionnaire;

constexpr std::size_t kMaxLocalizedBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxCheckedBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxInvitations = 100'000;
constexpr std::size_t kMaxQuotaSurveys = 100'000;
constexpr std::size_t kMaxSeed = 100;

absl::Status CheckContext(const v1::QuestionnaireContext& context) {
  Violations violations;
  if (context.source_case() == v1::QuestionnaireContext::SOURCE_NOT_SET) {
    violations.Add("context", "needs one of invitation_token, survey, survey_version and definition");
  }
  if (!context.language().empty() && !IsLanguageTag(context.language())) {
    violations.Add("context.language", absl::StrCat(surveys::Quoted(context.language()),
                                                    " is not a BCP 47 language tag, for example en or pt-BR"));
  }
  if (context.seed().size() > kMaxSeed) {
    violations.Add("context.seed",
                   absl::StrCat("has ", context.seed().size(), " bytes; at most ", kMaxSeed, " are allowed"));
  }
  if (context.has_facts()) {
    for (const auto& [key, value] : context.facts().fields()) {
      if (!context.has_invitation_token() || key == kHidden) continue;
      violations.Add("context.facts",
                     "must hold `hidden` alone with an invitation, which has its own `event` and `contact`");
      break;
    }
    conditions::CheckFacts("context.facts", context.facts(), {}, violations);
  }
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELD);
}

// The hidden fields that `context` brings. One that is required may be missing as long as nothing is handed in.
absl::Status CheckHiddenFields(const v1::QuestionnaireContext& context, const v1::SurveyDefinition& definition) {
  if (!context.facts().fields().contains(kHidden)) return absl::OkStatus();
  Violations violations;
  CheckHidden(definition, "context.facts", context.facts(), MissingFields::kAllowed, violations);
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELD);
}

// The language that the respondent wants: as asked for, else as the contact's facts have it.
std::string WantedLanguage(const std::string& asked, const google::protobuf::Struct& facts) {
  if (!asked.empty()) return asked;
  const google::protobuf::Value* language = conditions::Find(facts, "contact.language");
  return language == nullptr ? "" : language->string_value();
}

// What the invitation has to say on whether it can be answered at `now`.
Questionnaire::Availability AvailabilityOf(const v1::Invitation& invitation, absl::Time now) {
  if (invitation.state() == v1::Invitation::STATE_ANSWERED) return Questionnaire::AVAILABILITY_ANSWERED;
  if (invitation.state() == v1::Invitation::STATE_DISMISSED) return Questionnaire::AVAILABILITY_NOT_OPEN;
  if (now >= FromProto(invitation.expire_time())) return Questionnaire::AVAILABILITY_EXPIRED;
  if (now < FromProto(invitation.schedule_time())) return Questionnaire::AVAILABILITY_NOT_OPEN;
  return Questionnaire::AVAILABILITY_OPEN;
}

// A definition that was sent along as if it had been published. InvalidArgument (INVALID_SURVEY) if it could not be.
absl::StatusOr<std::shared_ptr<const v1::SurveyVersion>> CheckedVersion(const v1::SurveyDefinition& definition) {
  auto version = std::make_shared<v1::SurveyVersion>();
  *version->mutable_definition() = definition;
  Violations faults;
  surveys::CheckForPublish(*version->mutable_definition(), faults);
  Violations violations;
  for (const FieldViolation& fault : faults.list()) {
    violations.Add(absl::StrCat("context.", fault.field), fault.description);
  }
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_SURVEY));
  return version;
}

absl::Status NotPublished(const SurveyId& survey) {
  return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_NOT_PUBLISHED,
               absl::StrCat("survey '", survey.value(), "' has no published version yet"));
}

// Nothing else is cancelled as long as nothing is read.
absl::Status NotInMemory() { return absl::CancelledError(); }

template <typename Value>
absl::StatusOr<Value> InMemory(std::optional<Value> cached) {
  if (!cached.has_value()) return NotInMemory();
  return *std::move(cached);
}

}  // namespace

void AddHidden(const google::protobuf::Struct& given, Respondent& respondent) {
  if (!given.fields().contains(kHidden)) return;
  auto merged = std::make_shared<google::protobuf::Struct>(*respondent.facts);
  CopyHidden(given, *merged);
  respondent.facts = merged.get();
  respondent.merged_facts = std::move(merged);
}

Respondents::Respondents(const RespondentRooms& rooms, const Clock& clock)
    : rooms_(rooms),
      quotas_(rooms.database),
      clock_(clock),
      localized_(kMaxLocalizedBytes),
      invitations_(kMaxInvitations),
      full_quotas_(kMaxQuotaSurveys),
      checked_(kMaxCheckedBytes) {}

absl::StatusOr<Respondent> Respondents::Resolve(const TenantScope& scope, const v1::QuestionnaireContext& context) {
  return ResolveFrom(Source::kDatabase, scope, context);
}

std::optional<absl::StatusOr<Respondent>> Respondents::ResolveFromMemory(const TenantScope& scope,
                                                                         const v1::QuestionnaireContext& context) {
  absl::StatusOr<Respondent> respondent = ResolveFrom(Source::kMemory, scope, context);
  if (respondent.status() == NotInMemory()) return std::nullopt;
  return respondent;
}

absl::StatusOr<Respondent> Respondents::ResolveFrom(Source source, const TenantScope& scope,
                                                    const v1::QuestionnaireContext& context) {
  CANVASS_RETURN_IF_ERROR(CheckContext(context));
  Respondent respondent;
  respondent.facts = &context.facts();
  respondent.seed = context.seed();
  switch (context.source_case()) {
    case v1::QuestionnaireContext::kInvitationToken:
      CANVASS_RETURN_IF_ERROR(ResolveInvitation(source, scope, context, respondent));
      break;
    case v1::QuestionnaireContext::kDefinition:
      if (source == Source::kMemory) return NotInMemory();
      CANVASS_RETURN_IF_ERROR(ResolveDefinition(context, respondent));
      break;
    default:
      CANVASS_RETURN_IF_ERROR(ResolveSurvey(source, scope, context, respondent));
      break;
  }
  CANVASS_RETURN_IF_ERROR(CheckHiddenFields(context, respondent.survey->definition));
  if (respondent.invitation != nullptr) AddHidden(context.facts(), respondent);
  return respondent;
}

absl::Status Respondents::ResolveInvitation(Source source, const TenantScope& scope,
                                            const v1::QuestionnaireContext& context, Respondent& respondent) {
  absl::StatusOr<distribution::TokenClaims> claims = rooms_.tokens.Verify(context.invitation_token());
  if (!claims.ok()) {
    return FieldError(v1::ERROR_REASON_INVITATION_TOKEN_INVALID, "context.invitation_token",
                      "is not a token of this server, or was altered");
  }
  if (claims->tenant != scope.tenant()) {
    return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_INVITATION_NOT_FOUND,
                 "context.invitation_token: the invitation does not exist");
  }
  CANVASS_ASSIGN_OR_RETURN(respondent.invitation, ReadInvitation(source, scope, claims->invitation));
  const distribution::InvitationRecord& record = *respondent.invitation;
  respondent.facts = &record.invitation.facts();
  if (respondent.seed.empty()) respondent.seed = record.id.bytes();
  CANVASS_RETURN_IF_ERROR(Load(source, scope, record.survey, record.survey_version,
                               WantedLanguage(context.language(), *respondent.facts), respondent));
  // That it was answered is worth saying even when the survey is closed since.
  const Questionnaire::Availability own = AvailabilityOf(record.invitation, clock_.Now());
  if (own == Questionnaire::AVAILABILITY_ANSWERED || respondent.is_open()) respondent.availability = own;
  return absl::OkStatus();
}

absl::Status Respondents::ResolveSurvey(Source source, const TenantScope& scope,
                                        const v1::QuestionnaireContext& context, Respondent& respondent) {
  const std::string language = WantedLanguage(context.language(), *respondent.facts);
  if (context.has_survey()) {
    CANVASS_ASSIGN_OR_RETURN(std::string survey, ParseChild(scope, "surveys", "context.survey", context.survey()));
    return Load(source, scope, SurveyId(std::move(survey)), 0, language, respondent);
  }
  CANVASS_ASSIGN_OR_RETURN(const surveys::DefinitionName name,
                           surveys::ParseVersionName(scope, "context.survey_version", context.survey_version()));
  return Load(source, scope, name.survey, name.version, language, respondent);
}

absl::Status Respondents::ResolveDefinition(const v1::QuestionnaireContext& context, Respondent& respondent) {
  // A preview sends the same definition with every step.
  const std::string digest = Digest16(context.definition().SerializeAsString());
  std::shared_ptr<const v1::SurveyVersion> version;
  {
    absl::MutexLock lock(&mutex_);
    if (const auto* checked = checked_.Get(digest)) version = *checked;
  }
  if (version == nullptr) {
    CANVASS_ASSIGN_OR_RETURN(version, CheckedVersion(context.definition()));
    absl::MutexLock lock(&mutex_);
    checked_.Put(digest, version, version->ByteSizeLong());
  }
  respondent.survey = Localize(std::move(version), WantedLanguage(context.language(), *respondent.facts));
  return absl::OkStatus();
}

absl::Status Respondents::Load(Source source, const TenantScope& scope, const SurveyId& survey, int version,
                               absl::string_view language, Respondent& respondent) {
  surveys::SurveyCatalog& catalog = rooms_.catalog;
  const bool from_memory = source == Source::kMemory;
  CANVASS_ASSIGN_OR_RETURN(const surveys::SurveyStatus status,
                           from_memory ? InMemory(catalog.CachedStatus(scope, survey)) : catalog.Status(scope, survey));
  if (status.published_version == 0) return NotPublished(survey);
  if (version == 0) version = status.published_version;
  CANVASS_ASSIGN_OR_RETURN(auto published, from_memory ? InMemory(catalog.CachedVersion(scope, survey, version))
                                                       : catalog.Version(scope, survey, version));
  CANVASS_ASSIGN_OR_RETURN(respondent.full_quotas, ReadFullQuotas(source, scope, survey, *published, status));
  const auto& full = respondent.full_quotas;
  const bool enough = std::find(full.begin(), full.end(), kResponsesCounter) != full.end();
  if (enough || !status.IsOpenAt(clock_.Now())) respondent.availability = Questionnaire::AVAILABILITY_CLOSED;
  respondent.survey = localized_.Get(std::move(published), language);
  return absl::OkStatus();
}

absl::StatusOr<Respondents::InvitationPtr> Respondents::ReadInvitation(Source source, const TenantScope& scope,
                                                                       const Uuid& id) {
  const absl::Time now = clock_.Now();
  const std::pair key(scope.tenant(), id);
  {
    absl::MutexLock lock(&mutex_);
    const auto* cached = invitations_.Get(key);
    if (cached != nullptr && now - cached->read_time < kInvitationLifetime) return cached->value;
  }
  if (source == Source::kMemory) return NotInMemory();
  CANVASS_ASSIGN_OR_RETURN(distribution::InvitationRecord record, rooms_.invitations.Get(scope, id));
  auto shared = std::make_shared<const distribution::InvitationRecord>(std::move(record));
  absl::MutexLock lock(&mutex_);
  invitations_.Put(key, {.value = shared, .read_time = now}, 1);
  return shared;
}

absl::StatusOr<std::vector<std::string>> Respondents::ReadFullQuotas(Source source, const TenantScope& scope,
                                                                     const SurveyId& survey,
                                                                     const v1::SurveyVersion& version,
                                                                     const surveys::SurveyStatus& status) {
  if (version.definition().quotas().empty() && status.max_responses == 0) return std::vector<std::string>();
  const absl::Time now = clock_.Now();
  const std::tuple key(scope.tenant(), survey, version.version());
  {
    absl::MutexLock lock(&mutex_);
    const auto* cached = full_quotas_.Get(key);
    if (cached != nullptr && now - cached->read_time < kQuotaLifetime) return cached->value;
  }
  if (source == Source::kMemory) return NotInMemory();
  CANVASS_ASSIGN_OR_RETURN(std::vector<std::string> full,
                           quotas_.FullQuotas(scope, survey, version.definition(), status.max_responses));
  absl::MutexLock lock(&mutex_);
  full_quotas_.Put(key, {.value = full, .read_time = now}, 1);
  return full;
}

}  // namespace canvass::responses
