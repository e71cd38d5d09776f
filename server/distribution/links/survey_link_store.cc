#include "server/distribution/links/survey_link_store.h"

#include <google/protobuf/util/message_differencer.h>

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/links/survey_link.h"

namespace canvass::distribution {
namespace {

constexpr absl::string_view kSelect =
    "SELECT link_id, used, revision, create_time, payload FROM survey_links WHERE tenant_id = ? ";

absl::StatusOr<v1::SurveyLink> ReadLink(const TenantScope& scope, const mysql::Row& row) {
  v1::SurveyLink link;
  if (!link.ParseFromString(row.String(4))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 absl::StrCat("survey link '", row.String(0), "' cannot be read"));
  }
  link.set_name(ResourceName(scope.tenant(), {"surveyLinks", row.String(0)}));
  link.set_used(row.Int(1) != 0);
  link.set_etag(absl::StrCat(row.Int(2)));
  *link.mutable_create_time() = ToProto(row.Time(3));
  return link;
}

absl::StatusOr<std::vector<v1::SurveyLink>> Select(mysql::Transaction& tx, const TenantScope& scope,
                                                   absl::string_view rest, const mysql::Params& params) {
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(absl::StrCat(kSelect, rest), params));
  std::vector<v1::SurveyLink> links;
  for (const mysql::Row& row : rows) {
    CANVASS_ASSIGN_OR_RETURN(v1::SurveyLink link, ReadLink(scope, row));
    links.push_back(std::move(link));
  }
  return links;
}

absl::StatusOr<v1::SurveyLink> SelectOne(mysql::Transaction& tx, const TenantScope& scope, const SurveyLinkId& id) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::SurveyLink> links, Select(tx, scope, "AND link_id = ?", params));
  if (links.empty()) return SurveyLinkNotFound(id);
  return std::move(links[0]);
}

absl::Status InsertRow(mysql::Transaction& tx, const TenantScope& scope, const SurveyLinkId& id,
                       const v1::SurveyLink& content, absl::Time now) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id).Add(SurveyOf(content)).Add(absl::ToUnixMicros(now)).Add(now);
  params.Add(content.SerializeAsString());
  return tx
      .Execute(
          "INSERT INTO survey_links (tenant_id, link_id, survey_id, used, revision, create_time, payload) "
          "VALUES (?, ?, ?, 0, ?, ?, ?)",
          params)
      .status();
}

bool SameContent(const TenantScope& scope, const v1::SurveyLink& stored, const v1::SurveyLink& content) {
  const absl::StatusOr<v1::SurveyLink> normalized = NormalizeSurveyLink(scope, stored);
  return normalized.ok() && google::protobuf::util::MessageDifferencer::Equals(*normalized, content);
}

}  // namespace

absl::StatusOr<v1::SurveyLink> SurveyLinkStore::Get(const TenantScope& scope, const SurveyLinkId& id) {
  v1::SurveyLink link;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(link, SelectOne(tx, scope, id));
    return absl::OkStatus();
  }));
  return link;
}

absl::StatusOr<std::vector<v1::SurveyLink>> SurveyLinkStore::List(const TenantScope& scope, const SurveyLinkId& after,
                                                                  int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(after).Add(limit);
  std::vector<v1::SurveyLink> links;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(links, Select(tx, scope, "AND link_id > ? ORDER BY link_id LIMIT ?", params));
    return absl::OkStatus();
  }));
  return links;
}

absl::StatusOr<v1::SurveyLink> SurveyLinkStore::Create(const TenantScope& scope, const SurveyLinkId& id,
                                                       const v1::SurveyLink& content, absl::Time now) {
  const absl::Status inserted =
      database_.Write(scope, [&](mysql::Transaction& tx) { return InsertRow(tx, scope, id, content, now); });
  if (!inserted.ok() && !mysql::IsDuplicateKey(inserted)) return inserted;
  CANVASS_ASSIGN_OR_RETURN(v1::SurveyLink link, Get(scope, id));
  if (inserted.ok() || SameContent(scope, link, content)) return link;
  return Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_RESOURCE_EXISTS,
               absl::StrCat("survey link '", id.value(),
                            "' exists with other content; delete it with DeleteSurveyLink, or choose another id"));
}

absl::Status SurveyLinkStore::MarkUsed(const TenantScope& scope, const SurveyLinkId& id, absl::Time now) {
  mysql::Params params;
  params.Add(absl::ToUnixMicros(now)).Add(scope.tenant()).Add(id);
  return database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    return tx
        .Execute(
            "UPDATE survey_links SET used = 1, revision = GREATEST(revision + 1, ?) WHERE tenant_id = ? AND "
            "link_id = ? AND used = 0",
            params)
        .status();
  });
}

absl::Status SurveyLinkStore::Delete(const TenantScope& scope, const SurveyLinkId& id) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(id);
  return database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const int64_t matched,
                             tx.Execute("DELETE FROM survey_links WHERE tenant_id = ? AND link_id = ?", params));
    return matched == 0 ? SurveyLinkNotFound(id) : absl::OkStatus();
  });
}

}  // namespace canvass::distribution
