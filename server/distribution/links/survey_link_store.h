// The rows of survey links.
//
// Returned links carry every output field but `url`, which is SurveyLinkAddresses' business. Thread-safe; calls block.
// The database must outlive the store.
#ifndef CANVASS_SERVER_DISTRIBUTION_LINKS_SURVEY_LINK_STORE_H_
#define CANVASS_SERVER_DISTRIBUTION_LINKS_SURVEY_LINK_STORE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/survey_link.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/links/survey_link_token.h"
#include "server/mysql/database.h"

namespace canvass::distribution {

class SurveyLinkStore {
 public:
  explicit SurveyLinkStore(mysql::Database& database) : database_(database) {}

  // NotFound (SURVEY_LINK_NOT_FOUND) if there is none.
  absl::StatusOr<v1::SurveyLink> Get(const TenantScope& scope, const SurveyLinkId& id);

  // At most `limit` links whose ids sort behind `after`, by id.
  absl::StatusOr<std::vector<v1::SurveyLink>> List(const TenantScope& scope, const SurveyLinkId& after, int limit);

  // Stores the normalized `content`. If the id is taken by a link of the same content, returns that. AlreadyExists
  // (RESOURCE_EXISTS) if its content is another.
  absl::StatusOr<v1::SurveyLink> Create(const TenantScope& scope, const SurveyLinkId& id, const v1::SurveyLink& content,
                                        absl::Time now);

  // Notes that a USE_ONCE link was answered. Ok if it is gone, or was noted before.
  absl::Status MarkUsed(const TenantScope& scope, const SurveyLinkId& id, absl::Time now);

  // NotFound (SURVEY_LINK_NOT_FOUND) if there is none.
  absl::Status Delete(const TenantScope& scope, const SurveyLinkId& id);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_LINKS_SURVEY_LINK_STORE_H_
