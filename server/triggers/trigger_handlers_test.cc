// The handlers of triggers against a database: create, get, list, update, delete, pause, resume, and what the catalog
// sees of them.

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/mysql/testing/test_database.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/survey_store.h"
#include "server/triggers/create_trigger.h"
#include "server/triggers/delete_trigger.h"
#include "server/triggers/get_trigger.h"
#include "server/triggers/pause_trigger.h"
#include "server/triggers/update_trigger.h"

namespace canvass::triggers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kContent[] = R"pb(
  display_name: "After an order"
  event_type: "order.delivered"
  survey: "tenants/-/surveys/nps"
  condition { text: "event.total > 10" }
  frequency_caps { interval { seconds: 86400 } }
)pb";

class TriggerHandlersTest : public ::testing::Test {
 protected:
  TriggerHandlersTest() {
    v1::Survey content;
    content.mutable_definition()->set_default_language("en");
    for (const char* id : {"nps", "csat"}) {
      EXPECT_TRUE(surveys_.Create(scope_, SurveyId(id), content, db_.clock().Now()).ok());
    }
  }

  static v1::Trigger Parse(absl::string_view text) {
    v1::Trigger trigger;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(std::string(text), &trigger)) << text;
    return trigger;
  }

  absl::StatusOr<v1::Trigger> Create(absl::string_view id, const v1::Trigger& content, bool validate_only = false) {
    v1::CreateTriggerRequest request;
    request.set_parent("tenants/-");
    request.set_trigger_id(std::string(id));
    request.set_validate_only(validate_only);
    *request.mutable_trigger() = content;
    return CreateTrigger(store_, catalog_, survey_catalog_, db_.clock(), scope_, request);
  }

  absl::StatusOr<v1::Trigger> Get(const TenantScope& scope, absl::string_view id) {
    v1::GetTriggerRequest request;
    request.set_name(absl::StrCat("tenants/-/triggers/", id));
    return GetTrigger(store_, scope, request);
  }

  absl::StatusOr<v1::Trigger> Update(const v1::UpdateTriggerRequest& request) {
    db_.clock().Advance(absl::Seconds(1));
    return UpdateTrigger(store_, catalog_, survey_catalog_, db_.clock(), scope_, request);
  }

  v1::UpdateTriggerRequest UpdateOf(absl::string_view id, absl::string_view content,
                                    const std::vector<std::string>& mask = {}) {
    v1::UpdateTriggerRequest request;
    *request.mutable_trigger() = Parse(content);
    request.mutable_trigger()->set_name(absl::StrCat("tenants/acme/triggers/", id));
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return request;
  }

  std::size_t Active(absl::string_view type) { return (*catalog_.Get(scope_))->Of(type).size(); }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  TenantScope other_ = mysql::testing::MakeScope("other");
  surveys::SurveyStore surveys_{db_.database()};
  surveys::SurveyCatalog survey_catalog_{surveys_, db_.clock()};
  TriggerStore store_{db_.database()};
  TriggerCatalog catalog_{store_, db_.clock()};
};

TEST_F(TriggerHandlersTest, CreateTwiceIsOnce) {
  const absl::StatusOr<v1::Trigger> created = Create("after", Parse(kContent));
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->name(), "tenants/acme/triggers/after");
  EXPECT_EQ(created->state(), v1::Trigger::STATE_ACTIVE);
  EXPECT_EQ(created->condition().compare().field(), "event.total");
  EXPECT_EQ(FromProto(created->create_time()), db_.clock().Now());
  EXPECT_FALSE(created->etag().empty());
  EXPECT_EQ(Get(scope_, "after")->DebugString(), created->DebugString());
  db_.clock().Advance(absl::Seconds(1));
  EXPECT_EQ(Create("after", Parse(kContent))->DebugString(), created->DebugString());
  EXPECT_EQ(Create("after", *created)->DebugString(), created->DebugString());
  v1::Trigger different = Parse(kContent);
  different.set_display_name("Another");
  const absl::Status taken = Create("after", different).status();
  EXPECT_EQ(ReasonOf(taken), v1::ERROR_REASON_RESOURCE_EXISTS);
  EXPECT_EQ(taken.code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(TriggerHandlersTest, CreateRefusesBadInput) {
  EXPECT_EQ(ReasonOf(Create("After", Parse(kContent)).status()), v1::ERROR_REASON_INVALID_IDENTIFIER);
  EXPECT_EQ(ReasonOf(Create("after", Parse("")).status()), v1::ERROR_REASON_INVALID_TRIGGER);
  v1::Trigger unknown = Parse(kContent);
  unknown.set_survey("tenants/acme/surveys/none");
  EXPECT_EQ(ReasonOf(Create("after", unknown).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM triggers"), 0);
}

TEST_F(TriggerHandlersTest, ValidateOnlyWritesNothing) {
  const absl::StatusOr<v1::Trigger> checked = Create("after", Parse(kContent), true);
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_EQ(checked->name(), "tenants/acme/triggers/after");
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM triggers"), 0);
  const absl::StatusOr<v1::Trigger> created = Create("after", Parse(kContent));
  v1::UpdateTriggerRequest request = UpdateOf("after", "display_name: 'Other'", {"display_name"});
  request.set_validate_only(true);
  EXPECT_EQ(Update(request)->display_name(), "Other");
  EXPECT_EQ(Get(scope_, "after")->DebugString(), created->DebugString());
  request = UpdateOf("new", kContent);
  request.set_validate_only(true);
  request.set_allow_missing(true);
  EXPECT_TRUE(Update(request).ok());
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM triggers"), 1);
}

TEST_F(TriggerHandlersTest, UpdateChangesWhatTheMaskNames) {
  const v1::Trigger created = *Create("after", Parse(kContent));
  const absl::StatusOr<v1::Trigger> updated =
      Update(UpdateOf("after", "display_name: 'New' survey: 'tenants/-/surveys/csat'", {"display_name", "condition"}));
  ASSERT_TRUE(updated.ok()) << updated.status();
  v1::Trigger expected = created;
  expected.set_display_name("New");
  expected.clear_condition();
  *expected.mutable_update_time() = updated->update_time();
  expected.set_etag(updated->etag());
  EXPECT_EQ(updated->DebugString(), expected.DebugString());
  EXPECT_NE(updated->etag(), created.etag());
  EXPECT_GT(FromProto(updated->update_time()), FromProto(created.update_time()));
  EXPECT_EQ(Get(scope_, "after")->DebugString(), updated->DebugString());
  const absl::StatusOr<v1::Trigger> all = Update(UpdateOf("after", "event_type: 'y' survey: 'tenants/-/surveys/csat'"));
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->event_type(), "y");
  EXPECT_EQ(all->survey(), "tenants/acme/surveys/csat");
  EXPECT_FALSE(all->frequency_caps_size() > 0);
}

TEST_F(TriggerHandlersTest, UpdateRefusesBadInput) {
  ASSERT_TRUE(Create("after", Parse(kContent)).ok());
  const auto reason = [&](const v1::UpdateTriggerRequest& request) { return ReasonOf(Update(request).status()); };
  EXPECT_EQ(reason(UpdateOf("after", kContent, {"state"})), v1::ERROR_REASON_INVALID_FIELD_MASK);
  EXPECT_EQ(reason(UpdateOf("after", "", {"survey"})), v1::ERROR_REASON_INVALID_TRIGGER);
  EXPECT_EQ(reason(UpdateOf("after", "survey: 'tenants/-/surveys/none'", {"survey"})),
            v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_EQ(reason(UpdateOf("after", "condition { text: '(' }", {"condition"})), v1::ERROR_REASON_INVALID_CONDITION);
  EXPECT_EQ(reason(UpdateOf("none", kContent)), v1::ERROR_REASON_TRIGGER_NOT_FOUND);
}

TEST_F(TriggerHandlersTest, AnOldEtagIsRefused) {
  const v1::Trigger created = *Create("after", Parse(kContent));
  v1::UpdateTriggerRequest request = UpdateOf("after", "display_name: 'New'", {"display_name"});
  request.mutable_trigger()->set_etag(created.etag());
  EXPECT_TRUE(Update(request).ok());
  const absl::Status stale = Update(request).status();
  EXPECT_EQ(ReasonOf(stale), v1::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(stale.code(), absl::StatusCode::kAborted);
  // Nor does a trigger made anew take the etag of the one before.
  v1::DeleteTriggerRequest remove;
  remove.set_name("tenants/-/triggers/after");
  ASSERT_TRUE(DeleteTrigger(store_, catalog_, scope_, remove).ok());
  ASSERT_TRUE(Create("after", Parse(kContent)).ok());
  EXPECT_EQ(ReasonOf(Update(request).status()), v1::ERROR_REASON_ETAG_MISMATCH);
}

TEST_F(TriggerHandlersTest, AllowMissingCreates) {
  v1::UpdateTriggerRequest request = UpdateOf("after", kContent, {"display_name"});
  request.set_allow_missing(true);
  const absl::StatusOr<v1::Trigger> created = Update(request);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->event_type(), "order.delivered");
  EXPECT_EQ(created->state(), v1::Trigger::STATE_ACTIVE);
  EXPECT_EQ(Get(scope_, "after")->DebugString(), created->DebugString());
}

TEST_F(TriggerHandlersTest, PauseAndResumeChangeStateAlone) {
  const v1::Trigger created = *Create("after", Parse(kContent));
  v1::PauseTriggerRequest pause;
  pause.set_name(created.name());
  v1::ResumeTriggerRequest resume;
  resume.set_name(created.name());
  db_.clock().Advance(absl::Seconds(1));
  const absl::StatusOr<v1::Trigger> paused = PauseTrigger(store_, catalog_, db_.clock(), scope_, pause);
  ASSERT_TRUE(paused.ok()) << paused.status();
  EXPECT_EQ(paused->state(), v1::Trigger::STATE_PAUSED);
  EXPECT_EQ(paused->condition().DebugString(), created.condition().DebugString());
  EXPECT_EQ(PauseTrigger(store_, catalog_, db_.clock(), scope_, pause)->DebugString(), paused->DebugString());
  EXPECT_EQ((*catalog_.Get(scope_))->Of("order.delivered")[0].trigger.state(), v1::Trigger::STATE_PAUSED);
  const v1::Trigger updated = *Update(UpdateOf("after", "display_name: 'New'", {"display_name"}));
  EXPECT_EQ(updated.state(), v1::Trigger::STATE_PAUSED);
  EXPECT_EQ(ResumeTrigger(store_, catalog_, db_.clock(), scope_, resume)->state(), v1::Trigger::STATE_ACTIVE);
  pause.set_name("tenants/-/triggers/none");
  EXPECT_EQ(ReasonOf(PauseTrigger(store_, catalog_, db_.clock(), scope_, pause).status()),
            v1::ERROR_REASON_TRIGGER_NOT_FOUND);
}

TEST_F(TriggerHandlersTest, DeleteRemovesIt) {
  ASSERT_TRUE(Create("after", Parse(kContent)).ok());
  EXPECT_EQ(Active("order.delivered"), 1U);
  v1::DeleteTriggerRequest request;
  request.set_name("tenants/-/triggers/after");
  EXPECT_EQ(ReasonOf(DeleteTrigger(store_, catalog_, other_, request).status()), v1::ERROR_REASON_TRIGGER_NOT_FOUND);
  EXPECT_TRUE(DeleteTrigger(store_, catalog_, scope_, request).ok());
  EXPECT_EQ(Active("order.delivered"), 0U);
  EXPECT_EQ(ReasonOf(Get(scope_, "after").status()), v1::ERROR_REASON_TRIGGER_NOT_FOUND);
  EXPECT_EQ(ReasonOf(DeleteTrigger(store_, catalog_, scope_, request).status()), v1::ERROR_REASON_TRIGGER_NOT_FOUND);
}

TEST_F(TriggerHandlersTest, ListsById) {
  for (const char* id : {"c", "a", "b"}) ASSERT_TRUE(Create(id, Parse(kContent)).ok());
  v1::ListTriggersRequest request;
  request.set_parent("tenants/-");
  request.set_page_size(2);
  const auto first = ListTriggers(store_, scope_, request);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_THAT(first->triggers(), SizeIs(2));
  EXPECT_EQ(first->triggers(0).name(), "tenants/acme/triggers/a");
  request.set_page_token(first->next_page_token());
  const auto second = ListTriggers(store_, scope_, request);
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_THAT(second->triggers(), SizeIs(1));
  EXPECT_EQ(second->triggers(0).name(), "tenants/acme/triggers/c");
  EXPECT_TRUE(second->next_page_token().empty());
  request.set_page_token("");
  EXPECT_THAT(ListTriggers(store_, other_, request)->triggers(), IsEmpty());
}

TEST_F(TriggerHandlersTest, TheCatalogSeesOtherServersWritesWithinFiveSeconds) {
  TriggerCatalog elsewhere(store_, db_.clock());
  EXPECT_THAT((*elsewhere.Get(scope_))->Of("order.delivered"), IsEmpty());
  ASSERT_TRUE(Create("after", Parse(kContent)).ok());
  EXPECT_EQ(Active("order.delivered"), 1U);
  EXPECT_THAT((*elsewhere.Get(scope_))->Of("order.delivered"), IsEmpty());
  db_.clock().Advance(absl::Seconds(5));
  const auto seen = *elsewhere.Get(scope_);
  ASSERT_THAT(seen->Of("order.delivered"), SizeIs(1));
  const ActiveTrigger& trigger = seen->Of("order.delivered")[0];
  EXPECT_EQ(trigger.id, TriggerId("after"));
  EXPECT_EQ(trigger.survey, SurveyId("nps"));
  EXPECT_EQ(trigger.lifetime, absl::Hours(24 * 30));
  EXPECT_THAT(trigger.fields, ElementsAre("event.total"));
  EXPECT_THAT((*elsewhere.Get(other_))->Of("order.delivered"), IsEmpty());
}

}  // namespace
}  // namespace canvass::triggers
