// The rows of surveys and of their published versions.
//
// Returned surveys carry every output field. `now` becomes the row's times. Thread-safe; calls block. The database must
// outlive the store.
#ifndef CANVASS_SERVER_SURVEYS_SURVEY_STORE_H_
#define CANVASS_SERVER_SURVEYS_SURVEY_STORE_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::surveys {

// What every answer depends on.
struct SurveyStatus {
  v1::Survey::State state = v1::Survey::STATE_UNSPECIFIED;
  int published_version = 0;
  // Survey.closing: when it stops taking answers, and after how many, 0 for any number.
  absl::Time close_time = absl::InfiniteFuture();
  int64_t max_responses = 0;

  // Closed, archived, or past its close_time at `time`. What max_responses has to say is for who counts them.
  bool IsClosedAt(absl::Time time) const {
    return state == v1::Survey::STATE_CLOSED || state == v1::Survey::STATE_ARCHIVED || time >= close_time;
  }
  // Published, and not closed at `time`.
  bool IsOpenAt(absl::Time time) const { return state == v1::Survey::STATE_PUBLISHED && !IsClosedAt(time); }

  friend bool operator==(const SurveyStatus&, const SurveyStatus&) = default;
};

// `more` says that there are further ones. A page ends early where its content grows large.
struct SurveyPage {
  std::vector<v1::Survey> surveys;
  bool more = false;
};
struct VersionPage {
  std::vector<v1::SurveyVersion> versions;
  bool more = false;
};

// Changes display_name, definition or state of a survey that is locked meanwhile. It may run again on a conflict.
using SurveyChange = absl::FunctionRef<absl::Status(v1::Survey& survey)>;

class SurveyStore {
 public:
  explicit SurveyStore(mysql::Database& database) : database_(database) {}

  // All of these: NotFound (SURVEY_NOT_FOUND) if there is no such survey or version, and the errors of mysql::Database.
  absl::StatusOr<v1::Survey> Get(const TenantScope& scope, const SurveyId& id);
  absl::StatusOr<SurveyStatus> GetStatus(const TenantScope& scope, const SurveyId& id);
  absl::StatusOr<v1::SurveyVersion> GetVersion(const TenantScope& scope, const SurveyId& id, int version);

  // At most `limit` surveys whose ids sort behind `after`, by id.
  absl::StatusOr<SurveyPage> List(const TenantScope& scope, absl::string_view after, int limit);
  // At most `limit` versions below `before`, the latest first.
  absl::StatusOr<VersionPage> ListVersions(const TenantScope& scope, const SurveyId& id, int before, int limit);

  // Stores display_name and definition of `content` as a draft. If the id is taken by a survey of the same content,
  // returns that. AlreadyExists (RESOURCE_EXISTS) if its content is another.
  absl::StatusOr<v1::Survey> Create(const TenantScope& scope, const SurveyId& id, const v1::Survey& content,
                                    absl::Time now);

  // Lets `change` change the survey, and writes it if it did. Errors of `change` are returned and nothing is written.
  absl::StatusOr<v1::Survey> Change(const TenantScope& scope, const SurveyId& id, absl::Time now, SurveyChange change);

  // Freezes the draft as the next version, unless it equals the published one. `etag` may be empty.
  // Aborted (ETAG_MISMATCH); FailedPrecondition (SURVEY_CLOSED).
  absl::StatusOr<v1::Survey> Publish(const TenantScope& scope, const SurveyId& id, absl::string_view etag,
                                     absl::Time now);

 private:
  mysql::Database& database_;
};

// Whether two surveys agree in what callers write: display_name and definition.
bool SameContent(const v1::Survey& a, const v1::Survey& b);

// AlreadyExists (RESOURCE_EXISTS): the id is taken by a survey of other content.
absl::Status ContentExists(const SurveyId& id);

// Aborted (ETAG_MISMATCH) unless `etag` is empty or that of `survey`.
absl::Status CheckEtag(absl::string_view etag, const v1::Survey& survey);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_SURVEY_STORE_H_
