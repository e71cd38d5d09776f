// Who is asked what, and whether answers would be taken: a QuestionnaireContext resolved.
//
//   Respondents respondents(rooms, clock);
//   CANVASS_ASSIGN_OR_RETURN(const Respondent respondent, respondents.Resolve(scope, request.context()));
//
// Definitions come from memory (SurveyCatalog, LocalizedSurveys). An invitation is read at most every
// kInvitationLifetime, full quotas every kQuotaLifetime; so availability may be that old, while SubmitResponse always
// judges by what is stored. Thread-safe; Resolve blocks where something has to be read. What it is made with must
// outlive it.
#ifndef CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_RESPONDENTS_H_
#define CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_RESPONDENTS_H_

#include <google/protobuf/struct.pb.h>

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "canvass/v1/questionnaire.pb.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/invitation_token.h"
#include "server/mysql/database.h"
#include "server/responses/questionnaire/localized_survey.h"
#include "server/responses/quotas/quota_store.h"
#include "server/surveys/lru_cache.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::responses {

struct Respondent {
  bool is_open() const { return availability == v1::Questionnaire::AVAILABILITY_OPEN; }

  std::shared_ptr<const LocalizedSurvey> survey;
  // What options are shuffled by.
  std::string seed;
  v1::Questionnaire::Availability availability = v1::Questionnaire::AVAILABILITY_OPEN;
  // The keys of the survey's quotas that are full.
  std::vector<std::string> full_quotas;

  std::shared_ptr<const distribution::InvitationRecord> invitation;  // may be null
  // The invitation's, else those of the context, which must then outlive the respondent. Never null.
  const google::protobuf::Struct* facts = nullptr;
  // Holds `facts` where hidden fields came from elsewhere.
  std::shared_ptr<const google::protobuf::Struct> merged_facts;
};

// Puts the hidden fields of `given`, facts, into those of the respondent, in place of those that are there.
void AddHidden(const google::protobuf::Struct& given, Respondent& respondent);

struct RespondentRooms {
  mysql::Database& database;
  surveys::SurveyCatalog& catalog;
  const distribution::InvitationTokens& tokens;
  distribution::InvitationStore& invitations;
};

class Respondents {
 public:
  static constexpr absl::Duration kInvitationLifetime = absl::Seconds(5);
  static constexpr absl::Duration kQuotaLifetime = absl::Seconds(1);

  Respondents(const RespondentRooms& rooms, const Clock& clock);

  // InvalidArgument (INVALID_FIELD, INVALID_RESOURCE_NAME, INVITATION_TOKEN_INVALID, INVALID_SURVEY for a definition
  // that was sent along) with paths below `context`; NotFound (SURVEY_NOT_FOUND, INVITATION_NOT_FOUND,
  // RESOURCE_NOT_FOUND); FailedPrecondition (SURVEY_NOT_PUBLISHED); errors of mysql::Database.
  absl::StatusOr<Respondent> Resolve(const TenantScope& scope, const v1::QuestionnaireContext& context);
  // The same without blocking; nullopt where that does not suffice, and for definitions that are sent along, which take
  // long to check.
  std::optional<absl::StatusOr<Respondent>> ResolveFromMemory(const TenantScope& scope,
                                                              const v1::QuestionnaireContext& context);

 private:
  enum class Source { kMemory, kDatabase };
  using InvitationPtr = std::shared_ptr<const distribution::InvitationRecord>;
  template <typename Value>
  struct Timed {
    Value value;
    absl::Time read_time;
  };
  template <typename Key, typename Value>
  using TimedCache = surveys::LruCache<Key, Timed<Value>>;

  // With kMemory these say NotInMemory() where something has to be read.
  absl::StatusOr<Respondent> ResolveFrom(Source source, const TenantScope& scope,
                                         const v1::QuestionnaireContext& context);
  absl::Status ResolveInvitation(Source source, const TenantScope& scope, const v1::QuestionnaireContext& context,
                                 Respondent& respondent);
  absl::Status ResolveSurvey(Source source, const TenantScope& scope, const v1::QuestionnaireContext& context,
                             Respondent& respondent);
  // Sets version and availability of a stored survey; `version` 0 is the one published last.
  absl::Status Load(Source source, const TenantScope& scope, const SurveyId& survey, int version,
                    absl::string_view language, Respondent& respondent);
  absl::StatusOr<InvitationPtr> ReadInvitation(Source source, const TenantScope& scope, const Uuid& id);
  absl::StatusOr<std::vector<std::string>> ReadFullQuotas(Source source, const TenantScope& scope,
                                                          const SurveyId& survey, const v1::SurveyVersion& version,
                                                          const surveys::SurveyStatus& status);
  absl::Status ResolveDefinition(const v1::QuestionnaireContext& context, Respondent& respondent);

  const RespondentRooms rooms_;
  QuotaStore quotas_;
  const Clock& clock_;
  LocalizedSurveys localized_;
  absl::Mutex mutex_;
  TimedCache<std::pair<TenantId, Uuid>, InvitationPtr> invitations_ ABSL_GUARDED_BY(mutex_);
  // By survey and version, since each version has limits of its own.
  TimedCache<std::tuple<TenantId, SurveyId, int>, std::vector<std::string>> full_quotas_ ABSL_GUARDED_BY(mutex_);
  // Definitions that were sent along and can be published, by their digests.
  surveys::LruCache<std::string, std::shared_ptr<const v1::SurveyVersion>> checked_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_RESPONDENTS_H_
