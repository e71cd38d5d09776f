// One request for a survey's page: who comes, to which survey, in which language, with which draft.
//
// Who comes is the respondent of an invitation or the visitor of a survey link. The token in the address is the only
// credential: whoever holds it may answer, as with the letter it came in. It is signed, so nobody guesses or changes
// one. So there is no session, no cookie, and nothing that another site could make a browser send along: forged
// requests (CSRF) are not a danger here.
//
//   CANVASS_ASSIGN_OR_RETURN(std::unique_ptr<Visit> visit, Visit::Begin(parts, {.token = token}));
//   if (!visit->is_open()) …
//
// Belongs to one request; calls block. The parts must outlive it.
#ifndef CANVASS_SERVER_HTTP_PAGES_VISIT_H_
#define CANVASS_SERVER_HTTP_PAGES_VISIT_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/questionnaire.pb.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey_link.pb.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/random.h"
#include "server/contacts/suppression_store.h"
#include "server/distribution/invitation_token.h"
#include "server/distribution/links/survey_link_address.h"
#include "server/distribution/links/survey_link_store.h"
#include "server/distribution/links/survey_link_token.h"
#include "server/distribution/unsubscribe_token.h"
#include "server/http/pages/answer_form.h"
#include "server/http/pages/page_view.h"
#include "server/responses/drafts/draft_store.h"
#include "server/responses/questionnaire/respondents.h"
#include "server/responses/submit_response.h"
#include "server/settings/settings_catalog.h"
#include "tenants/tenant_directory.h"

namespace canvass::http {

// What pages work with. All of it must outlive the HTTP listener.
struct PageParts {
  tenants::TenantDirectory& tenants;
  settings::SettingsCatalog& settings;
  responses::Respondents& respondents;
  responses::ResponseIntake& intake;
  responses::DraftStore& drafts;
  distribution::SurveyLinkStore& links;
  contacts::SuppressionStore& suppressions;
  const distribution::InvitationTokens& invitation_tokens;
  const distribution::UnsubscribeTokens& unsubscribe_tokens;
  const distribution::SurveyLinkTokens& link_tokens;
  const distribution::SurveyLinkAddresses& link_addresses;
  const Clock& clock;
  Random& random;
};

struct SurveyRequest {
  std::string token;
  // Of a link's visitor after the first page; else empty.
  std::string visit = {};
  // Of the address: `_page` names a page to show, `hidden.<key>` brings a hidden field, any other name is a question
  // whose score is preselected.
  Form query = {};
  // The header Accept-Language.
  std::string accept_language = {};
};

class Visit {
 public:
  // May run again on a conflict.
  using ContentChange = absl::FunctionRef<void(v1::Response& draft)>;

  // InvalidArgument (INVITATION_TOKEN_INVALID) for a bad token or visit; NotFound (RESOURCE_NOT_FOUND) if the tenant is
  // gone; errors of Respondents::Resolve and of mysql::Database.
  static absl::StatusOr<std::unique_ptr<Visit>> Begin(const PageParts& parts, const SurveyRequest& request);

  // Whether answers are taken, as far as tenant, link, invitation and survey are known.
  v1::Questionnaire::Availability availability() const { return availability_; }
  bool is_open() const { return availability_ == v1::Questionnaire::AVAILABILITY_OPEN; }
  // The visitor of a link comes for the first time: `address` leads to a new visit, and there is no draft.
  bool is_new() const { return request_id_.empty() && invitation_token_.empty(); }
  // The answers were handed in.
  bool is_done() const { return draft_.has_answer_time(); }
  bool is_kiosk() const { return link_.has_value() && link_->use() == v1::SurveyLink::USE_KIOSK; }
  bool is_once() const { return link_.has_value() && link_->use() == v1::SurveyLink::USE_ONCE; }

  const TenantScope& scope() const { return tenant_.scope; }
  const v1::Response& draft() const { return draft_; }
  // Without a survey, if there is none to be found.
  const responses::Respondent& respondent() const { return respondent_; }
  const PageFrame& frame() const { return *frame_; }
  const std::string& invitation_token() const { return invitation_token_; }
  // Absent without a link.
  const std::optional<v1::SurveyLink>& link() const { return link_; }
  // A link's: what is stored once, by the link if it is USE_ONCE, else by the visit.
  const std::string& request_id() const { return request_id_; }
  // What is known beside the answers and an invitation's own facts: the link's, and the hidden fields.
  const google::protobuf::Struct& facts() const { return context_.facts(); }
  // The address brought hidden fields that are not in the draft yet.
  bool brings_hidden() const { return brings_hidden_; }
  // The hidden fields as the query of an address, "?hidden.plan=pro"; empty if there are none.
  std::string HiddenQuery() const;
  // The last part of this page's address, to which redirects lead; the same with a page to show.
  const std::string& address() const { return address_; }
  std::string AddressOf(absl::string_view page) const;

  // Keeps what `change` makes of the draft, unless it was handed in meanwhile.
  absl::Status ChangeDraft(ContentChange change);
  // Notes that the answers were handed in, for who comes back.
  absl::Status Seal();

 private:
  Visit(const PageParts& parts, tenants::TenantEntry tenant) : parts_(parts), tenant_(std::move(tenant)) {}

  static absl::StatusOr<std::unique_ptr<Visit>> OfInvitation(const PageParts& parts, const SurveyRequest& request);
  static absl::StatusOr<std::unique_ptr<Visit>> OfLink(const PageParts& parts, const SurveyRequest& request);
  absl::Status FindLink(const distribution::SurveyLinkClaims& claims);
  absl::Status SetVisit(const distribution::SurveyLinkClaims& claims, absl::string_view visit);
  absl::Status Load(const SurveyRequest& request);
  absl::Status Resolve(const std::vector<std::string>& preferred);
  void TakeHidden(const Form& query);
  absl::Status WriteDraft(absl::Time keep_until, ContentChange change);

  const PageParts& parts_;
  const tenants::TenantEntry tenant_;
  v1::Questionnaire::Availability availability_ = v1::Questionnaire::AVAILABILITY_OPEN;
  v1::QuestionnaireContext context_;
  std::string invitation_token_;
  std::optional<v1::SurveyLink> link_;
  std::string request_id_;
  std::string address_;
  bool brings_hidden_ = false;
  Uuid draft_id_;
  absl::Time keep_until_;
  // When a draft that is made now was begun.
  absl::Time begin_time_;
  v1::Response draft_;
  responses::Respondent respondent_;
  std::optional<PageFrame> frame_;
};

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_PAGES_VISIT_H_
