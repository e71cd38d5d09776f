#include "server/surveys/survey_store.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/texts/expected_duration.h"

namespace canvass::surveys {
namespace {

// What a page of surveys or versions may weigh, so that neither the server nor a client's message limit is strained.
constexpr int64_t kMaxPageBytes = int64_t{3} << 20;

constexpr char kSelectSurvey[] =
    "SELECT survey_id, state, published_version, revision, create_time, update_time, payload FROM surveys "
    "WHERE tenant_id = ?";
constexpr char kSelectVersion[] =
    "SELECT version, publish_time, payload FROM survey_versions WHERE tenant_id = ? AND survey_id = ?";

// What the columns do not hold: what the caller may write.
std::string Payload(const v1::Survey& survey) {
  v1::Survey content;
  content.set_display_name(survey.display_name());
  if (survey.has_definition()) *content.mutable_definition() = survey.definition();
  // An empty one says the same as none.
  if (survey.closing().ByteSizeLong() > 0) *content.mutable_closing() = survey.closing();
  return StableBytes(content);
}

absl::Status Unreadable(const SurveyId& id) {
  return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
               absl::StrCat("the stored row of survey '", id.value(), "' cannot be read"));
}

absl::Status NotFound(const SurveyId& id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SURVEY_NOT_FOUND,
               absl::StrCat("survey ", Quoted(id.value()), " does not exist"));
}

// What cannot be an id is not there; the column, which is ASCII, could not even be compared with it.
absl::Status CheckId(const SurveyId& id) {
  return CheckChosenId("survey", id.value()).ok() ? absl::OkStatus() : NotFound(id);
}

absl::Status VersionNotFound(const SurveyId& id, int version) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SURVEY_NOT_FOUND,
               absl::StrCat("survey '", id.value(), "' has no version ", version));
}

absl::StatusOr<v1::Survey> ReadSurvey(const TenantScope& scope, const mysql::Row& row) {
  v1::Survey survey;
  const SurveyId id(row.String(0));
  if (!survey.ParseFromString(row.String(6))) return Unreadable(id);
  survey.set_name(ResourceName(scope.tenant(), {"surveys", id.value()}));
  survey.set_state(static_cast<v1::Survey::State>(row.Int(1)));
  survey.set_published_version(static_cast<int>(row.Int(2)));
  survey.set_etag(absl::StrCat(row.Int(3)));
  *survey.mutable_create_time() = ToProto(row.Time(4));
  *survey.mutable_update_time() = ToProto(row.Time(5));
  *survey.mutable_expected_duration() = ToProto(ExpectedDuration(survey.definition()));
  return survey;
}

absl::StatusOr<v1::SurveyVersion> ReadVersion(const TenantScope& scope, const SurveyId& id, const mysql::Row& row) {
  v1::SurveyVersion version;
  if (!version.mutable_definition()->ParseFromString(row.String(2))) return Unreadable(id);
  version.set_version(static_cast<int>(row.Int(0)));
  version.set_name(ResourceName(scope.tenant(), {"surveys", id.value(), "versions", absl::StrCat(version.version())}));
  *version.mutable_publish_time() = ToProto(row.Time(1));
  return version;
}

enum class Lock { kNone, kForUpdate };

absl::StatusOr<v1::Survey> SelectSurvey(mysql::Transaction& tx, const TenantScope& scope, const SurveyId& id,
                                        Lock lock) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(absl::StrCat(kSelectSurvey, " AND survey_id = ?",
                                                                         lock == Lock::kForUpdate ? " FOR UPDATE" : ""),
                                                            params));
  if (rows.empty()) return NotFound(id);
  return ReadSurvey(scope, rows[0]);
}

absl::StatusOr<v1::SurveyVersion> SelectVersion(mysql::Transaction& tx, const TenantScope& scope, const SurveyId& id,
                                                int version) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id).Add(version);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(absl::StrCat(kSelectVersion, " AND version = ?"), params));
  if (rows.empty()) return VersionNotFound(id, version);
  return ReadVersion(scope, id, rows[0]);
}

// The columns close_time and max_responses.
void AddClosing(const v1::Closing& closing, mysql::Params& params) {
  if (closing.has_close_time()) {
    params.Add(FromProto(closing.close_time()));
  } else {
    params.AddNull();
  }
  params.Add(closing.max_responses());
}

// Writes the whole row of a survey that is locked, and sets its new etag and update time.
absl::Status UpdateRow(mysql::Transaction& tx, const TenantScope& scope, const SurveyId& id, absl::Time now,
                       v1::Survey& survey) {
  mysql::Params params;
  params.Add(static_cast<int>(survey.state())).Add(survey.published_version()).Add(now).Add(Payload(survey));
  AddClosing(survey.closing(), params);
  params.Add(scope.tenant()).Add(id);
  CANVASS_RETURN_IF_ERROR(tx.Execute("UPDATE surveys SET state = ?, published_version = ?, revision = revision + 1, "
                                     "update_time = ?, payload = ?, close_time = ?, max_responses = ? "
                                     "WHERE tenant_id = ? AND survey_id = ?",
                                     params)
                              .status());
  CANVASS_ASSIGN_OR_RETURN(survey, SelectSurvey(tx, scope, id, Lock::kNone));
  return absl::OkStatus();
}

absl::Status InsertVersion(mysql::Transaction& tx, const TenantScope& scope, const SurveyId& id, int version,
                           absl::Time now, const v1::SurveyDefinition& definition) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id).Add(version).Add(now).Add(StableBytes(definition));
  return tx
      .Execute("INSERT INTO survey_versions (tenant_id, survey_id, version, publish_time, payload) VALUES (?,?,?,?,?)",
               params)
      .status();
}

// How many of the rows whose payloads have these sizes make a page: at least one, at most `limit`.
int RowsOfPage(const mysql::Rows& sizes, int limit) {
  int count = 0;
  int64_t bytes = 0;
  for (const mysql::Row& row : sizes) {
    bytes += row.Int(0);
    if (count == limit || (count > 0 && bytes > kMaxPageBytes)) break;
    ++count;
  }
  return count;
}

absl::Status ChangeRow(mysql::Transaction& tx, const TenantScope& scope, const SurveyId& id, absl::Time now,
                       SurveyChange change, v1::Survey& survey) {
  CANVASS_ASSIGN_OR_RETURN(survey, SelectSurvey(tx, scope, id, Lock::kForUpdate));
  const v1::Survey::State state = survey.state();
  const std::string payload = Payload(survey);
  CANVASS_RETURN_IF_ERROR(change(survey));
  if (survey.state() == state && Payload(survey) == payload) return absl::OkStatus();
  return UpdateRow(tx, scope, id, now, survey);
}

absl::Status PublishRow(mysql::Transaction& tx, const TenantScope& scope, const SurveyId& id, absl::string_view etag,
                        absl::Time now, v1::Survey& survey) {
  CANVASS_ASSIGN_OR_RETURN(survey, SelectSurvey(tx, scope, id, Lock::kForUpdate));
  CANVASS_RETURN_IF_ERROR(CheckEtag(etag, survey));
  CANVASS_RETURN_IF_ERROR(CheckNotArchived(survey));
  if (survey.state() == v1::Survey::STATE_CLOSED) {
    return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_CLOSED,
                 absl::StrCat("survey '", id.value(), "' is closed; reopen it with ReopenSurvey first"));
  }
  if (survey.published_version() > 0) {
    CANVASS_ASSIGN_OR_RETURN(const v1::SurveyVersion last, SelectVersion(tx, scope, id, survey.published_version()));
    if (StableBytes(last.definition()) == StableBytes(survey.definition())) return absl::OkStatus();
  }
  survey.set_state(v1::Survey::STATE_PUBLISHED);
  survey.set_published_version(survey.published_version() + 1);
  CANVASS_RETURN_IF_ERROR(InsertVersion(tx, scope, id, survey.published_version(), now, survey.definition()));
  return UpdateRow(tx, scope, id, now, survey);
}

}  // namespace

absl::StatusOr<v1::Survey> SurveyStore::Get(const TenantScope& scope, const SurveyId& id) {
  CANVASS_RETURN_IF_ERROR(CheckId(id));
  v1::Survey survey;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(survey, SelectSurvey(tx, scope, id, Lock::kNone));
    return absl::OkStatus();
  }));
  return survey;
}

absl::StatusOr<SurveyStatus> SurveyStore::GetStatus(const TenantScope& scope, const SurveyId& id) {
  CANVASS_RETURN_IF_ERROR(CheckId(id));
  SurveyStatus status;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(scope.tenant()).Add(id);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query("SELECT state, published_version, close_time, max_responses FROM surveys "
                                      "WHERE tenant_id = ? AND survey_id = ?",
                                      params));
    if (rows.empty()) return NotFound(id);
    status.state = static_cast<v1::Survey::State>(rows[0].Int(0));
    status.published_version = static_cast<int>(rows[0].Int(1));
    status.close_time = rows[0].IsNull(2) ? absl::InfiniteFuture() : rows[0].Time(2);
    status.max_responses = rows[0].Int(3);
    return absl::OkStatus();
  }));
  return status;
}

absl::StatusOr<v1::SurveyVersion> SurveyStore::GetVersion(const TenantScope& scope, const SurveyId& id, int version) {
  CANVASS_RETURN_IF_ERROR(CheckId(id));
  v1::SurveyVersion found;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(found, SelectVersion(tx, scope, id, version));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<SurveyPage> SurveyStore::List(const TenantScope& scope, Archived archived, absl::string_view after,
                                             int limit) {
  // Hides the state that is given; none has number 0.
  const int hidden = archived == Archived::kHide ? static_cast<int>(v1::Survey::STATE_ARCHIVED) : 0;
  SurveyPage page;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    page = SurveyPage();
    mysql::Params sized;
    sized.Add(scope.tenant()).Add(hidden).Add(after).Add(limit + 1);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows sizes,
                             tx.Query("SELECT LENGTH(payload) FROM surveys WHERE tenant_id = ? AND state <> ? AND "
                                      "survey_id > ? ORDER BY survey_id LIMIT ?",
                                      sized));
    const int count = RowsOfPage(sizes, limit);
    page.more = static_cast<int>(sizes.size()) > count;
    if (count == 0) return absl::OkStatus();
    mysql::Params params;
    params.Add(scope.tenant()).Add(hidden).Add(after).Add(count);
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(absl::StrCat(kSelectSurvey, " AND state <> ? AND survey_id > ? ORDER BY survey_id LIMIT ?"), params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(page.surveys.emplace_back(), ReadSurvey(scope, row));
    }
    return absl::OkStatus();
  }));
  return page;
}

absl::StatusOr<VersionPage> SurveyStore::ListVersions(const TenantScope& scope, const SurveyId& id, int before,
                                                      int limit) {
  CANVASS_RETURN_IF_ERROR(CheckId(id));
  VersionPage page;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    page = VersionPage();
    CANVASS_RETURN_IF_ERROR(SelectSurvey(tx, scope, id, Lock::kNone).status());
    mysql::Params sized;
    sized.Add(scope.tenant()).Add(id).Add(before).Add(limit + 1);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows sizes,
                             tx.Query("SELECT LENGTH(payload) FROM survey_versions WHERE tenant_id = ? AND "
                                      "survey_id = ? AND version < ? ORDER BY version DESC LIMIT ?",
                                      sized));
    const int count = RowsOfPage(sizes, limit);
    page.more = static_cast<int>(sizes.size()) > count;
    if (count == 0) return absl::OkStatus();
    mysql::Params params;
    params.Add(scope.tenant()).Add(id).Add(before).Add(count);
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(absl::StrCat(kSelectVersion, " AND version < ? ORDER BY version DESC LIMIT ?"), params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(page.versions.emplace_back(), ReadVersion(scope, id, row));
    }
    return absl::OkStatus();
  }));
  return page;
}

absl::StatusOr<v1::Survey> SurveyStore::Create(const TenantScope& scope, const SurveyId& id, const v1::Survey& content,
                                               absl::Time now) {
  v1::Survey survey;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(scope.tenant())
        .Add(id)
        .Add(static_cast<int>(v1::Survey::STATE_DRAFT))
        .Add(0)
        .Add(1)
        .Add(now)
        .Add(now)
        .Add(Payload(content));
    AddClosing(content.closing(), params);
    const absl::StatusOr<int64_t> inserted = tx.Execute(
        "INSERT INTO surveys (tenant_id, survey_id, state, published_version, revision, create_time, update_time, "
        "payload, close_time, max_responses) VALUES (?,?,?,?,?,?,?,?,?,?)",
        params);
    if (!inserted.ok() && !mysql::IsDuplicateKey(inserted.status())) return inserted.status();
    CANVASS_ASSIGN_OR_RETURN(survey, SelectSurvey(tx, scope, id, Lock::kNone));
    if (!inserted.ok() && !SameContent(survey, content)) return ContentExists(id);
    return absl::OkStatus();
  }));
  return survey;
}

absl::StatusOr<v1::Survey> SurveyStore::Change(const TenantScope& scope, const SurveyId& id, absl::Time now,
                                               SurveyChange change) {
  CANVASS_RETURN_IF_ERROR(CheckId(id));
  v1::Survey survey;
  CANVASS_RETURN_IF_ERROR(
      database_.Write(scope, [&](mysql::Transaction& tx) { return ChangeRow(tx, scope, id, now, change, survey); }));
  return survey;
}

absl::StatusOr<v1::Survey> SurveyStore::Publish(const TenantScope& scope, const SurveyId& id, absl::string_view etag,
                                                absl::Time now) {
  CANVASS_RETURN_IF_ERROR(CheckId(id));
  v1::Survey survey;
  CANVASS_RETURN_IF_ERROR(
      database_.Write(scope, [&](mysql::Transaction& tx) { return PublishRow(tx, scope, id, etag, now, survey); }));
  return survey;
}

bool SameContent(const v1::Survey& a, const v1::Survey& b) { return Payload(a) == Payload(b); }

absl::Status ContentExists(const SurveyId& id) {
  return Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_RESOURCE_EXISTS,
               absl::StrCat("survey '", id.value(),
                            "' exists with other content; change it with UpdateSurvey or choose another id"));
}

absl::Status CheckNotArchived(const v1::Survey& survey) {
  if (survey.state() != v1::Survey::STATE_ARCHIVED) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_ARCHIVED,
               absl::StrCat("'", survey.name(), "' is archived; bring it back with RestoreSurvey first"));
}

absl::Status CheckEtag(absl::string_view etag, const v1::Survey& survey) {
  if (etag.empty() || etag == survey.etag()) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
               absl::StrCat("'", survey.name(), "' was changed since it was read; read it again, then change it"));
}

}  // namespace canvass::surveys
