#include "server/http/pages/visit.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/conditions/facts.h"
#include "server/responses/validation/hidden_facts.h"
#include "server/surveys/texts/languages.h"

namespace canvass::http {
namespace {

using v1::Questionnaire;

// How long the draft of a link's visitor is kept after the last answer.
constexpr absl::Duration kKeepVisit = absl::Hours(24 * 30);
// How long who has answered still finds the thanks.
constexpr absl::Duration kKeepAnswered = absl::Hours(24);
constexpr absl::string_view kHiddenPrefix = "hidden.";
// Addresses end where the HTTP library refuses them, at 8 KiB.
constexpr std::size_t kMaxHiddenQuery = 7000;

absl::Status BadVisit() {
  return FieldError(v1::ERROR_REASON_INVITATION_TOKEN_INVALID, "visit", "is none that this server began");
}

absl::string_view Primary(absl::string_view language) { return language.substr(0, language.find('-')); }

}  // namespace

absl::StatusOr<std::unique_ptr<Visit>> Visit::Begin(const PageParts& parts, const SurveyRequest& request) {
  const bool invited = request.visit.empty() && absl::StartsWith(request.token, "cvi_");
  CANVASS_ASSIGN_OR_RETURN(std::unique_ptr<Visit> visit,
                           invited ? OfInvitation(parts, request) : OfLink(parts, request));
  CANVASS_RETURN_IF_ERROR(visit->Load(request));
  return visit;
}

absl::StatusOr<std::unique_ptr<Visit>> Visit::OfInvitation(const PageParts& parts, const SurveyRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(distribution::TokenClaims claims, parts.invitation_tokens.Verify(request.token));
  CANVASS_ASSIGN_OR_RETURN(tenants::TenantEntry tenant, parts.tenants.Find(claims.tenant));
  auto visit = std::unique_ptr<Visit>(new Visit(parts, std::move(tenant)));
  visit->begin_time_ = parts.clock.Now();
  visit->context_.set_invitation_token(request.token);
  visit->invitation_token_ = request.token;
  visit->address_ = request.token;
  visit->draft_id_ = std::move(claims.invitation);
  visit->keep_until_ = claims.expire_time;
  return visit;
}

absl::StatusOr<std::unique_ptr<Visit>> Visit::OfLink(const PageParts& parts, const SurveyRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const distribution::SurveyLinkClaims claims, parts.link_tokens.Verify(request.token));
  CANVASS_ASSIGN_OR_RETURN(tenants::TenantEntry tenant, parts.tenants.Find(claims.tenant));
  auto visit = std::unique_ptr<Visit>(new Visit(parts, std::move(tenant)));
  CANVASS_RETURN_IF_ERROR(visit->FindLink(claims));
  const absl::Time now = parts.clock.Now();
  visit->keep_until_ = now + kKeepVisit;
  if (!request.visit.empty()) {
    CANVASS_RETURN_IF_ERROR(visit->SetVisit(claims, request.visit));
  } else {
    visit->address_ = absl::StrCat(request.token, "/", Uuid::V7(now, parts.random).ToString());
  }
  return visit;
}

absl::Status Visit::FindLink(const distribution::SurveyLinkClaims& claims) {
  absl::StatusOr<v1::SurveyLink> link = parts_.links.Get(tenant_.scope, claims.link);
  // Deleted, or deleted and made anew under the same id: this address opens nothing any more.
  if (absl::IsNotFound(link.status()) || (link.ok() && FromProto(link->create_time()) != claims.create_time)) {
    availability_ = Questionnaire::AVAILABILITY_CLOSED;
    return absl::OkStatus();
  }
  CANVASS_RETURN_IF_ERROR(link.status());
  if (link->used()) availability_ = Questionnaire::AVAILABILITY_ANSWERED;
  if (link->has_expire_time() && FromProto(link->expire_time()) <= parts_.clock.Now()) {
    availability_ = Questionnaire::AVAILABILITY_EXPIRED;
  }
  context_.set_survey(link->survey());
  *(*context_.mutable_facts()->mutable_fields())["event"].mutable_struct_value() = link->facts();
  link_ = *std::move(link);
  return absl::OkStatus();
}

absl::Status Visit::SetVisit(const distribution::SurveyLinkClaims& claims, absl::string_view visit) {
  const absl::StatusOr<Uuid> id = Uuid::Parse(visit);
  const absl::Time now = parts_.clock.Now();
  if (!id.ok() || id->time() > now || id->time() < now - kKeepVisit) return BadVisit();
  const std::string link = absl::StrCat("link:", claims.link.value(), ":", absl::ToUnixMicros(claims.create_time));
  // A digest of link and visit together: the visitor, who can choose the visit, cannot reach another draft by it.
  draft_id_ = Uuid::FromBytes(Digest16(absl::StrCat(link, ":", id->bytes())));
  begin_time_ = id->time();
  address_ = id->ToString();
  request_id_ = is_once() ? link : absl::StrCat(link, ":", id->ToString());
  context_.set_seed(draft_id_.ToString());
  return absl::OkStatus();
}

absl::Status Visit::Load(const SurveyRequest& request) {
  if (!tenant_.is_active) availability_ = Questionnaire::AVAILABILITY_CLOSED;
  if (!is_new()) {
    CANVASS_ASSIGN_OR_RETURN(responses::Draft draft, parts_.drafts.Get(scope(), draft_id_, parts_.clock.Now()));
    draft_ = std::move(draft.content);
  }
  const std::vector<std::string> preferred = PreferredLanguages(request.accept_language);
  std::string language = Sentences::In(preferred.empty() ? "" : preferred[0]).language();
  if (context_.source_case() != v1::QuestionnaireContext::SOURCE_NOT_SET) {
    const absl::Status resolved = Resolve(preferred);
    // A link may be printed before its survey is published.
    const bool unpublished = ReasonOf(resolved) == v1::ERROR_REASON_SURVEY_NOT_PUBLISHED;
    if (!unpublished) CANVASS_RETURN_IF_ERROR(resolved);
    if (respondent_.survey != nullptr) {
      language = respondent_.survey->language;
      TakeHidden(request.query);
    }
    if (is_open()) availability_ = unpublished ? Questionnaire::AVAILABILITY_NOT_OPEN : respondent_.availability;
  }
  CANVASS_ASSIGN_OR_RETURN(const auto settings, parts_.settings.Get(scope()));
  frame_.emplace(PageFrame{.look = LookOf(settings->channels.brand(), tenant_.display_name),
                           .sentences = Sentences::In(language),
                           .language = language});
  return absl::OkStatus();
}

// In the language that was chosen here before, else the contact's, else the browser's.
absl::Status Visit::Resolve(const std::vector<std::string>& preferred) {
  context_.set_language(draft_.language());
  CANVASS_ASSIGN_OR_RETURN(respondent_, parts_.respondents.Resolve(scope(), context_));
  if (!draft_.language().empty() || conditions::Find(*respondent_.facts, "contact.language") != nullptr) {
    return absl::OkStatus();
  }
  for (const std::string& wanted : preferred) {
    std::string offered = surveys::ChooseLanguage(respondent_.survey->definition, wanted);
    // The default language stands for all that is not offered; then the next wish counts.
    if (Primary(offered) != Primary(wanted)) continue;
    context_.set_language(std::move(offered));
    CANVASS_ASSIGN_OR_RETURN(respondent_, parts_.respondents.Resolve(scope(), context_));
    break;
  }
  return absl::OkStatus();
}

// What the draft has and the address brings; the address comes later. What does not fit is left out: nobody is stopped
// by a link that somebody else has written.
void Visit::TakeHidden(const Form& query) {
  const v1::SurveyDefinition& definition = respondent_.survey->definition;
  if (definition.hidden_fields().empty()) return;
  google::protobuf::Struct hidden = responses::FittingHidden(definition, responses::HiddenIn(draft_.facts()));
  for (const v1::HiddenField& field : definition.hidden_fields()) {
    std::optional<google::protobuf::Value> value =
        responses::ReadHidden(field, query.First(absl::StrCat(kHiddenPrefix, field.key())));
    if (!value.has_value()) continue;
    google::protobuf::Value& kept = (*hidden.mutable_fields())[field.key()];
    brings_hidden_ = brings_hidden_ || kept.SerializeAsString() != value->SerializeAsString();
    kept = *std::move(value);
  }
  if (hidden.fields().empty()) return;
  *(*context_.mutable_facts()->mutable_fields())[responses::kHidden].mutable_struct_value() = std::move(hidden);
  responses::AddHidden(context_.facts(), respondent_);
  // Until the first answers are kept, the address keeps them.
  if (is_new()) absl::StrAppend(&address_, HiddenQuery());
}

std::string Visit::HiddenQuery() const {
  std::string query;
  const auto& hidden = responses::HiddenIn(facts()).fields();
  const std::map<std::string, google::protobuf::Value> sorted(hidden.begin(), hidden.end());
  for (const auto& [key, value] : sorted) {
    // A plus is a space in a query.
    const std::string text = absl::StrReplaceAll(EncodeSegment(conditions::FactText(value)), {{"+", "%2B"}});
    const std::string part = absl::StrCat(query.empty() ? "?" : "&", kHiddenPrefix, key, "=", text);
    if (query.size() + part.size() <= kMaxHiddenQuery) absl::StrAppend(&query, part);
  }
  return query;
}

std::string Visit::AddressOf(absl::string_view page) const { return absl::StrCat(address_, "?_page=", page); }

absl::Status Visit::ChangeDraft(ContentChange change) { return WriteDraft(keep_until_, change); }

absl::Status Visit::Seal() {
  const absl::Time now = parts_.clock.Now();
  // An invitation may expire the moment after it was answered.
  return WriteDraft(now + kKeepAnswered, [&](v1::Response& draft) { *draft.mutable_answer_time() = ToProto(now); });
}

absl::Status Visit::WriteDraft(absl::Time keep_until, ContentChange change) {
  const auto begun = [&](responses::Draft& draft) {
    if (draft.content.has_answer_time()) return;
    if (!draft.content.has_start_time()) *draft.content.mutable_start_time() = ToProto(begin_time_);
    if (facts().fields().contains(responses::kHidden)) responses::CopyHidden(facts(), *draft.content.mutable_facts());
    change(draft.content);
  };
  CANVASS_ASSIGN_OR_RETURN(responses::Draft draft,
                           parts_.drafts.Change(scope(), draft_id_, parts_.clock.Now(), keep_until, begun));
  draft_ = std::move(draft.content);
  return absl::OkStatus();
}

}  // namespace canvass::http
