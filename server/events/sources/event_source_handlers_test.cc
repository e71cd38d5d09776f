// CreateEventSource, GetEventSource, ListEventSources, UpdateEventSource, DeleteEventSource, and what the catalog makes
// of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/events/sources/create_event_source.h"
#include "server/events/sources/delete_event_source.h"
#include "server/events/sources/event_source_catalog.h"
#include "server/events/sources/event_source_store.h"
#include "server/events/sources/get_event_source.h"
#include "server/events/sources/update_event_source.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::events {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kSecret[] = "shpss_0123456789";

class EventSourceTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::EventSource> Create(absl::string_view id, const std::string& secret = kSecret,
                                         v1::EventSource::Kind kind = v1::EventSource::KIND_SHOPIFY) {
    v1::CreateEventSourceRequest request;
    request.set_parent("tenants/-");
    request.set_event_source_id(std::string(id));
    request.mutable_event_source()->set_display_name("The shop");
    request.mutable_event_source()->set_kind(kind);
    request.mutable_event_source()->set_secret(secret);
    return CreateEventSource(store_, catalog_, db_.clock(), scope_, request);
  }

  absl::StatusOr<v1::EventSource> Update(const v1::EventSource& source) {
    v1::UpdateEventSourceRequest request;
    *request.mutable_event_source() = source;
    return UpdateEventSource(store_, catalog_, db_.clock(), scope_, request);
  }

  absl::StatusOr<v1::EventSource> Get(const std::string& name) {
    v1::GetEventSourceRequest request;
    request.set_name(name);
    return GetEventSource(store_, scope_, request);
  }

  absl::Status Delete(const std::string& name) {
    v1::DeleteEventSourceRequest request;
    request.set_name(name);
    return DeleteEventSource(store_, catalog_, scope_, request).status();
  }

  // As a webhook's call finds it.
  std::string SecretOf(const std::string& id) {
    const absl::StatusOr<v1::EventSource> found = catalog_.Find(scope_, EventSourceId(id));
    return found.ok() ? found->secret() : v1::ErrorReason_Name(ReasonOf(found.status()));
  }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  TenantScope other_ = mysql::testing::MakeScope("other");
  EventSourceStore store_{db_.database()};
  EventSourceCatalog catalog_{store_, db_.clock()};
};

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.push_back(violation.field);
  return fields;
}

TEST_F(EventSourceTest, NoAnswerHoldsTheSecret) {
  const absl::StatusOr<v1::EventSource> created = Create("shop");
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->name(), "tenants/acme/eventSources/shop");
  EXPECT_EQ(created->kind(), v1::EventSource::KIND_SHOPIFY);
  EXPECT_EQ(created->display_name(), "The shop");
  EXPECT_TRUE(created->has_create_time());
  EXPECT_EQ(created->secret(), "");
  EXPECT_EQ(Create("shop")->secret(), "");
  EXPECT_EQ(Get(created->name())->SerializeAsString(), created->SerializeAsString());
  EXPECT_EQ(Update(*created)->secret(), "");
  v1::ListEventSourcesRequest list;
  list.set_parent("tenants/-");
  const auto listed = ListEventSources(store_, scope_, list);
  ASSERT_EQ(listed->event_sources_size(), 1);
  EXPECT_EQ(listed->event_sources(0).secret(), "");
  EXPECT_EQ(SecretOf("shop"), kSecret);
}

TEST_F(EventSourceTest, CreatingAgainNeedsTheSameContent) {
  const absl::StatusOr<v1::EventSource> created = Create("shop");
  EXPECT_EQ(Create("shop")->etag(), created->etag());
  const absl::Status other = Create("shop", "shpss_another_one").status();
  EXPECT_EQ(ReasonOf(other), v1::ERROR_REASON_RESOURCE_EXISTS);
  EXPECT_THAT(std::string(other.message()), ::testing::Not(HasSubstr("shpss")));
  EXPECT_EQ(SecretOf("shop"), kSecret);
}

TEST_F(EventSourceTest, SaysWhatIsWrong) {
  v1::CreateEventSourceRequest request;
  request.set_parent("tenants/-");
  request.set_event_source_id("shop");
  request.mutable_event_source()->set_display_name(std::string(201, 'n'));
  request.mutable_event_source()->set_secret("7bytes.");
  const absl::Status bad = CreateEventSource(store_, catalog_, db_.clock(), scope_, request).status();
  EXPECT_EQ(ReasonOf(bad), v1::ERROR_REASON_INVALID_EVENT_SOURCE);
  EXPECT_THAT(FieldsOf(bad), ElementsAre("event_source.display_name", "event_source.kind", "event_source.secret"));
  EXPECT_THAT(std::string(bad.message()), ::testing::Not(HasSubstr("7bytes.")));
  EXPECT_THAT(FieldsOf(Create("shop", absl::StrCat(kSecret, "\n")).status()), ElementsAre("event_source.secret"));
  EXPECT_THAT(FieldsOf(Create("shop", std::string(513, 's')).status()), ElementsAre("event_source.secret"));
  EXPECT_TRUE(Create("shop", std::string(512, 's')).ok());
  EXPECT_THAT(FieldsOf(Create("x", kSecret, static_cast<v1::EventSource::Kind>(99)).status()),
              ElementsAre("event_source.kind"));
  for (const char* id : {"", "Shop", "1shop", "shop-", "a.b"}) {
    EXPECT_EQ(ReasonOf(Create(id).status()), v1::ERROR_REASON_INVALID_IDENTIFIER) << id;
  }
}

TEST_F(EventSourceTest, AnUpdateWithoutSecretKeepsIt) {
  v1::EventSource source = *Create("shop");
  source.set_display_name("Another name");
  const absl::StatusOr<v1::EventSource> updated = Update(source);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->display_name(), "Another name");
  EXPECT_NE(updated->etag(), source.etag());
  EXPECT_EQ(SecretOf("shop"), kSecret);
  // Its etag is old now.
  source.set_secret("shpss_the_next_one");
  EXPECT_EQ(ReasonOf(Update(source).status()), v1::ERROR_REASON_ETAG_MISMATCH);
  source.clear_etag();
  source.set_kind(v1::EventSource::KIND_UNSPECIFIED);
  EXPECT_TRUE(Update(source).ok());
  EXPECT_EQ(SecretOf("shop"), "shpss_the_next_one");
  source.set_kind(v1::EventSource::KIND_STRIPE);
  EXPECT_THAT(FieldsOf(Update(source).status()), ElementsAre("event_source.kind"));
  source.set_name("tenants/acme/eventSources/none");
  EXPECT_EQ(ReasonOf(Update(source).status()), v1::ERROR_REASON_EVENT_SOURCE_NOT_FOUND);
}

TEST_F(EventSourceTest, ListsPageByPage) {
  for (const char* id : {"c", "a", "b"}) ASSERT_TRUE(Create(id).ok());
  v1::ListEventSourcesRequest request;
  request.set_parent("tenants/-");
  request.set_page_size(2);
  auto page = ListEventSources(store_, scope_, request);
  ASSERT_EQ(page->event_sources_size(), 2);
  EXPECT_EQ(page->event_sources(0).name(), "tenants/acme/eventSources/a");
  request.set_page_token(page->next_page_token());
  page = ListEventSources(store_, scope_, request);
  ASSERT_EQ(page->event_sources_size(), 1);
  EXPECT_EQ(page->event_sources(0).name(), "tenants/acme/eventSources/c");
  EXPECT_EQ(page->next_page_token(), "");
  request.set_page_token("nonsense");
  EXPECT_EQ(ReasonOf(ListEventSources(store_, scope_, request).status()), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
}

TEST_F(EventSourceTest, WhatIsDeletedIsGoneAtOnce) {
  const std::string etag = Create("shop")->etag();
  EXPECT_EQ(SecretOf("shop"), kSecret);
  EXPECT_TRUE(Delete("tenants/-/eventSources/shop").ok());
  EXPECT_EQ(SecretOf("shop"), "ERROR_REASON_EVENT_SOURCE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Delete("tenants/-/eventSources/shop")), v1::ERROR_REASON_EVENT_SOURCE_NOT_FOUND);
  db_.clock().Advance(absl::Microseconds(1));
  EXPECT_NE(Create("shop")->etag(), etag);
}

TEST_F(EventSourceTest, TenantsDoNotMeet) {
  ASSERT_TRUE(Create("shop").ok());
  EXPECT_EQ(ReasonOf(Get("tenants/other/eventSources/shop").status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  v1::GetEventSourceRequest request;
  request.set_name("tenants/-/eventSources/shop");
  EXPECT_EQ(ReasonOf(GetEventSource(store_, other_, request).status()), v1::ERROR_REASON_EVENT_SOURCE_NOT_FOUND);
  EXPECT_FALSE(catalog_.Find(other_, EventSourceId("shop")).ok());
}

TEST_F(EventSourceTest, WritesOfOtherServersAreSeenSoon) {
  ASSERT_TRUE(Create("shop").ok());
  EventSourceCatalog elsewhere(store_, db_.clock());
  EXPECT_TRUE(elsewhere.Find(scope_, EventSourceId("shop")).ok());
  ASSERT_TRUE(Delete("tenants/-/eventSources/shop").ok());
  EXPECT_TRUE(elsewhere.Find(scope_, EventSourceId("shop")).ok());
  db_.clock().Advance(absl::Seconds(5));
  EXPECT_FALSE(elsewhere.Find(scope_, EventSourceId("shop")).ok());
}

TEST_F(EventSourceTest, ATenantHasAtMostTwoHundred) {
  for (int i = 0; i < EventSourceCatalog::kMaxSources; ++i) ASSERT_TRUE(Create(absl::StrCat("s", i)).ok());
  EXPECT_EQ(ReasonOf(Create("one-more").status()), v1::ERROR_REASON_QUOTA_EXCEEDED);
  // What is there is found: a full page is not the last one.
  EXPECT_EQ(SecretOf("s199"), kSecret);
  EXPECT_TRUE(Create("s0").ok());
}

}  // namespace
}  // namespace canvass::events
