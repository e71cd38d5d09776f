#include "server/surveys/survey_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/mysql/testing/test_database.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::surveys {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

v1::Survey Content(const std::string& key) {
  v1::Survey survey;
  survey.set_display_name("After the purchase");
  v1::SurveyDefinition& definition = *survey.mutable_definition();
  definition.set_default_language("en");
  v1::Question& question = *definition.add_questions();
  question.set_key(key);
  for (const char* language : {"en", "fr", "de", "cs"}) (*question.mutable_text())[language] = "?";
  question.mutable_nps();
  return survey;
}

class SurveyStoreTest : public ::testing::Test {
 protected:
  v1::Survey Create(const std::string& id, const std::string& key = "nps") {
    return *store_.Create(scope_, SurveyId(id), Content(key), db_.clock().Now());
  }
  absl::StatusOr<v1::Survey> SetKey(const std::string& id, const std::string& key) {
    return store_.Change(scope_, SurveyId(id), db_.clock().Now(), [&](v1::Survey& survey) {
      survey.mutable_definition()->mutable_questions(0)->set_key(key);
      return absl::OkStatus();
    });
  }

  mysql::testing::TestDatabase db_;
  SurveyStore store_{db_.database()};
  TenantScope scope_ = mysql::testing::MakeScope("acme", "Europe/Paris");
  TenantScope other_ = mysql::testing::MakeScope("globex");
};

TEST_F(SurveyStoreTest, CreatesADraft) {
  const v1::Survey created = Create("after-purchase");
  EXPECT_EQ(created.name(), "tenants/acme/surveys/after-purchase");
  EXPECT_EQ(created.display_name(), "After the purchase");
  EXPECT_EQ(created.state(), v1::Survey::STATE_DRAFT);
  EXPECT_EQ(created.published_version(), 0);
  EXPECT_EQ(FromProto(created.create_time()), db_.clock().Now());
  EXPECT_EQ(FromProto(created.update_time()), db_.clock().Now());
  EXPECT_FALSE(created.etag().empty());
  const absl::StatusOr<v1::Survey> read = store_.Get(scope_, SurveyId("after-purchase"));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->SerializeAsString().size(), created.SerializeAsString().size());
  EXPECT_TRUE(SameContent(*read, created));
  EXPECT_EQ(read->etag(), created.etag());
}

TEST_F(SurveyStoreTest, CreatesOnceForTheSameContent) {
  const v1::Survey first = Create("s");
  db_.clock().Advance(absl::Hours(1));
  const absl::StatusOr<v1::Survey> again = store_.Create(scope_, SurveyId("s"), Content("nps"), db_.clock().Now());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->etag(), first.etag());
  EXPECT_EQ(FromProto(again->create_time()), FromProto(first.create_time()));
  const absl::StatusOr<v1::Survey> other = store_.Create(scope_, SurveyId("s"), Content("else"), db_.clock().Now());
  EXPECT_EQ(other.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(other.status()), v1::ERROR_REASON_RESOURCE_EXISTS);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM surveys"), 1);
}

TEST_F(SurveyStoreTest, KeepsTenantsApart) {
  Create("s");
  EXPECT_EQ(ReasonOf(store_.Get(other_, SurveyId("s")).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_TRUE(store_.Create(other_, SurveyId("s"), Content("mine"), db_.clock().Now()).ok());
  EXPECT_EQ(store_.Get(scope_, SurveyId("s"))->definition().questions(0).key(), "nps");
  EXPECT_THAT(store_.List(other_, Archived::kHide, "", 10)->surveys, SizeIs(1));
}

TEST_F(SurveyStoreTest, WhatCannotBeAnIdIsNotThere) {
  for (const std::string& id :
       {std::string(), std::string("žluť"), std::string("A"), std::string("\xff"), std::string(9999, 'a')}) {
    for (const absl::Status& status :
         {store_.Get(scope_, SurveyId(id)).status(), store_.GetStatus(scope_, SurveyId(id)).status(),
          store_.GetVersion(scope_, SurveyId(id), 1).status(), store_.ListVersions(scope_, SurveyId(id), 9, 9).status(),
          store_.Publish(scope_, SurveyId(id), "", db_.clock().Now()).status()}) {
      EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_SURVEY_NOT_FOUND) << status;
    }
  }
}

TEST_F(SurveyStoreTest, ClosingIsContentThatAppliesAtOnce) {
  const absl::Time close_time = db_.clock().Now() + absl::Hours(24);
  v1::Survey content = Content("nps");
  *content.mutable_closing()->mutable_close_time() = ToProto(close_time);
  const v1::Survey created = *store_.Create(scope_, SurveyId("s"), content, db_.clock().Now());
  EXPECT_EQ(FromProto(created.closing().close_time()), close_time);
  EXPECT_EQ(store_.GetStatus(scope_, SurveyId("s"))->close_time, close_time);
  EXPECT_EQ(store_.GetStatus(scope_, SurveyId("s"))->max_responses, 0);
  EXPECT_EQ(ReasonOf(store_.Create(scope_, SurveyId("s"), Content("nps"), db_.clock().Now()).status()),
            v1::ERROR_REASON_RESOURCE_EXISTS);

  const v1::Survey limited = *store_.Change(scope_, SurveyId("s"), db_.clock().Now(), [](v1::Survey& survey) {
    survey.mutable_closing()->clear_close_time();
    survey.mutable_closing()->set_max_responses(500);
    return absl::OkStatus();
  });
  EXPECT_NE(limited.etag(), created.etag());
  EXPECT_EQ(store_.GetStatus(scope_, SurveyId("s"))->close_time, absl::InfiniteFuture());
  EXPECT_EQ(store_.GetStatus(scope_, SurveyId("s"))->max_responses, 500);

  // An empty one says the same as none.
  ASSERT_TRUE(store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now()).ok());
  const auto clear = [](v1::Survey& survey) {
    survey.mutable_closing()->Clear();
    return absl::OkStatus();
  };
  const v1::Survey unlimited = *store_.Change(scope_, SurveyId("s"), db_.clock().Now(), clear);
  EXPECT_FALSE(unlimited.has_closing());
  EXPECT_EQ(store_.Change(scope_, SurveyId("s"), db_.clock().Now(), clear)->etag(), unlimited.etag());
  EXPECT_EQ(*store_.GetStatus(scope_, SurveyId("s")),
            (SurveyStatus{.state = v1::Survey::STATE_PUBLISHED, .published_version = 1}));
}

TEST(SurveyStatusTest, SaysWhenASurveyIsOpen) {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  struct Case {
    v1::Survey::State state;
    absl::Time close_time;
    bool open;
    bool closed;
  };
  for (const Case& c : {Case{v1::Survey::STATE_DRAFT, absl::InfiniteFuture(), false, false},
                        Case{v1::Survey::STATE_DRAFT, now, false, false},
                        Case{v1::Survey::STATE_PUBLISHED, absl::InfiniteFuture(), true, false},
                        Case{v1::Survey::STATE_PUBLISHED, now + absl::Microseconds(1), true, false},
                        Case{v1::Survey::STATE_PUBLISHED, now, false, true},
                        Case{v1::Survey::STATE_CLOSED, absl::InfiniteFuture(), false, true},
                        Case{v1::Survey::STATE_ARCHIVED, absl::InfiniteFuture(), false, true}}) {
    const SurveyStatus status = {.state = c.state, .published_version = 1, .close_time = c.close_time};
    EXPECT_EQ(status.IsOpenAt(now), c.open) << c.state;
    EXPECT_EQ(status.IsClosedAt(now), c.closed) << c.state;
  }
}

TEST_F(SurveyStoreTest, ChangesWhatItIsTold) {
  const v1::Survey created = Create("s");
  db_.clock().Advance(absl::Minutes(5));
  const absl::StatusOr<v1::Survey> changed = SetKey("s", "better");
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_NE(changed->etag(), created.etag());
  EXPECT_EQ(FromProto(changed->update_time()), db_.clock().Now());
  EXPECT_EQ(FromProto(changed->create_time()), FromProto(created.create_time()));
  EXPECT_EQ(store_.Get(scope_, SurveyId("s"))->definition().questions(0).key(), "better");
}

TEST_F(SurveyStoreTest, AChangeThatChangesNothingIsNotWritten) {
  const v1::Survey created = Create("s");
  db_.clock().Advance(absl::Minutes(5));
  const absl::StatusOr<v1::Survey> same = SetKey("s", "nps");
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_EQ(same->etag(), created.etag());
  EXPECT_EQ(FromProto(same->update_time()), FromProto(created.update_time()));
}

TEST_F(SurveyStoreTest, ARefusedChangeIsNotWritten) {
  Create("s");
  const absl::StatusOr<v1::Survey> refused =
      store_.Change(scope_, SurveyId("s"), db_.clock().Now(), [](v1::Survey& survey) {
        survey.set_display_name("half done");
        return absl::InvalidArgumentError("no");
      });
  EXPECT_EQ(refused.status(), absl::InvalidArgumentError("no"));
  EXPECT_EQ(store_.Get(scope_, SurveyId("s"))->display_name(), "After the purchase");
  EXPECT_EQ(ReasonOf(SetKey("missing", "k").status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
}

TEST_F(SurveyStoreTest, ConcurrentChangesAreAllKept) {
  Create("s");
  constexpr int kWriters = 4;
  constexpr int kChanges = 10;
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&, i] {
      for (int k = 0; k < kChanges; ++k) {
        const absl::StatusOr<v1::Survey> changed =
            store_.Change(scope_, SurveyId("s"), mysql::testing::TestStart(), [&](v1::Survey& survey) {
              survey.mutable_definition()->add_breakdowns(absl::StrCat("event.w", i, "_", k));
              return absl::OkStatus();
            });
        EXPECT_TRUE(changed.ok()) << changed.status();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(store_.Get(scope_, SurveyId("s"))->definition().breakdowns_size(), kWriters * kChanges);
}

TEST_F(SurveyStoreTest, PublishingFreezesTheDraft) {
  Create("s", "first");
  db_.clock().Advance(absl::Minutes(1));
  absl::StatusOr<v1::Survey> published = store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now());
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->state(), v1::Survey::STATE_PUBLISHED);
  EXPECT_EQ(published->published_version(), 1);
  EXPECT_EQ(*store_.GetStatus(scope_, SurveyId("s")), (SurveyStatus{v1::Survey::STATE_PUBLISHED, 1}));

  ASSERT_TRUE(SetKey("s", "second").ok());
  absl::StatusOr<v1::SurveyVersion> version = store_.GetVersion(scope_, SurveyId("s"), 1);
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->name(), "tenants/acme/surveys/s/versions/1");
  EXPECT_EQ(version->version(), 1);
  EXPECT_EQ(version->definition().questions(0).key(), "first") << "a published version never changes";
  EXPECT_EQ(FromProto(version->publish_time()), db_.clock().Now());

  published = store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now());
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->published_version(), 2);
  EXPECT_EQ(store_.GetVersion(scope_, SurveyId("s"), 2)->definition().questions(0).key(), "second");
  EXPECT_EQ(store_.GetVersion(scope_, SurveyId("s"), 1)->definition().questions(0).key(), "first");
}

TEST_F(SurveyStoreTest, PublishingAnEqualDraftChangesNothing) {
  Create("s");
  const v1::Survey first = *store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now());
  db_.clock().Advance(absl::Minutes(1));
  const v1::Survey again = *store_.Publish(scope_, SurveyId("s"), first.etag(), db_.clock().Now());
  EXPECT_EQ(again.etag(), first.etag());
  EXPECT_EQ(again.published_version(), 1);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM survey_versions"), 1);
  // Going back to what was published before the last time is a new version.
  ASSERT_TRUE(SetKey("s", "other").ok());
  ASSERT_TRUE(store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now()).ok());
  ASSERT_TRUE(SetKey("s", "nps").ok());
  EXPECT_EQ(store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now())->published_version(), 3);
}

TEST_F(SurveyStoreTest, PublishingChecksEtagAndState) {
  const v1::Survey created = Create("s");
  ASSERT_TRUE(SetKey("s", "other").ok());
  EXPECT_EQ(ReasonOf(store_.Publish(scope_, SurveyId("s"), created.etag(), db_.clock().Now()).status()),
            v1::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM survey_versions"), 0);
  ASSERT_TRUE(store_
                  .Change(scope_, SurveyId("s"), db_.clock().Now(),
                          [](v1::Survey& survey) {
                            survey.set_state(v1::Survey::STATE_CLOSED);
                            return absl::OkStatus();
                          })
                  .ok());
  EXPECT_EQ(ReasonOf(store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now()).status()),
            v1::ERROR_REASON_SURVEY_CLOSED);
}

TEST_F(SurveyStoreTest, ConcurrentPublishersMakeOneVersion) {
  Create("s");
  std::vector<std::thread> publishers;
  publishers.reserve(4);
  for (int i = 0; i < 4; ++i) {
    publishers.emplace_back([&] {
      const absl::StatusOr<v1::Survey> survey = store_.Publish(scope_, SurveyId("s"), "", mysql::testing::TestStart());
      EXPECT_TRUE(survey.ok()) << survey.status();
    });
  }
  for (std::thread& publisher : publishers) publisher.join();
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM survey_versions"), 1);
}

TEST_F(SurveyStoreTest, ListsById) {
  for (const char* id : {"c", "a", "b-2", "b"}) Create(id);
  const auto ids = [](const SurveyPage& page) {
    std::vector<std::string> names;
    names.reserve(page.surveys.size());
    for (const v1::Survey& survey : page.surveys)
      names.push_back(survey.name().substr(sizeof("tenants/acme/surveys/") - 1));
    return names;
  };
  SurveyPage page = *store_.List(scope_, Archived::kHide, "", 3);
  EXPECT_THAT(ids(page), ElementsAre("a", "b", "b-2"));
  EXPECT_TRUE(page.more);
  page = *store_.List(scope_, Archived::kHide, "b-2", 3);
  EXPECT_THAT(ids(page), ElementsAre("c"));
  EXPECT_FALSE(page.more);
  EXPECT_FALSE(store_.List(scope_, Archived::kHide, "", 4)->more);
  EXPECT_THAT(store_.List(scope_, Archived::kHide, "c", 3)->surveys, IsEmpty());
}

TEST_F(SurveyStoreTest, APageOfLargeSurveysEndsEarly) {
  for (int i = 0; i < 15; ++i) {
    v1::Survey large = Content("nps");
    for (int k = 0; k < 50; ++k) {
      (*large.mutable_definition()->mutable_questions(0)->mutable_help())[absl::StrCat("de-x-", k)] =
          std::string(4900, 'x');
    }
    ASSERT_TRUE(store_.Create(scope_, SurveyId(absl::StrCat("s", i + 10)), large, db_.clock().Now()).ok());
  }
  const SurveyPage page = *store_.List(scope_, Archived::kHide, "", 100);
  EXPECT_TRUE(page.more);
  EXPECT_GE(page.surveys.size(), 10u);
  EXPECT_LT(page.surveys.size(), 15u);
}

TEST_F(SurveyStoreTest, ListsVersionsTheLatestFirst) {
  Create("s", "k1");
  EXPECT_THAT(store_.ListVersions(scope_, SurveyId("s"), 100, 10)->versions, IsEmpty());
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(SetKey("s", absl::StrCat("k", i)).ok());
    ASSERT_TRUE(store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now()).ok());
  }
  VersionPage page = *store_.ListVersions(scope_, SurveyId("s"), 100, 2);
  ASSERT_THAT(page.versions, SizeIs(2));
  EXPECT_EQ(page.versions[0].version(), 3);
  EXPECT_EQ(page.versions[1].version(), 2);
  EXPECT_TRUE(page.more);
  page = *store_.ListVersions(scope_, SurveyId("s"), 2, 2);
  ASSERT_THAT(page.versions, SizeIs(1));
  EXPECT_EQ(page.versions[0].definition().questions(0).key(), "k1");
  EXPECT_FALSE(page.more);
  EXPECT_EQ(ReasonOf(store_.GetVersion(scope_, SurveyId("s"), 4).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
}

// The catalog needs surveys that come and change, so it is tested on the real store.
class SurveyCatalogTest : public SurveyStoreTest {
 protected:
  SurveyCatalog catalog_{store_, db_.clock()};
};

TEST_F(SurveyCatalogTest, RemembersAStatusForASecond) {
  Create("s");
  EXPECT_EQ(catalog_.CachedStatus(scope_, SurveyId("s")), std::nullopt);
  const SurveyStatus draft{v1::Survey::STATE_DRAFT, 0};
  EXPECT_EQ(*catalog_.Status(scope_, SurveyId("s")), draft);
  ASSERT_TRUE(store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now()).ok());  // as another process would
  EXPECT_EQ(catalog_.CachedStatus(scope_, SurveyId("s")), draft);
  db_.clock().Advance(absl::Milliseconds(999));
  EXPECT_EQ(*catalog_.Status(scope_, SurveyId("s")), draft);
  db_.clock().Advance(absl::Milliseconds(1));
  EXPECT_EQ(catalog_.CachedStatus(scope_, SurveyId("s")), std::nullopt);
  EXPECT_EQ(*catalog_.Status(scope_, SurveyId("s")), (SurveyStatus{v1::Survey::STATE_PUBLISHED, 1}));
}

TEST_F(SurveyCatalogTest, ForgetsWhenTold) {
  Create("s");
  ASSERT_TRUE(catalog_.Status(scope_, SurveyId("s")).ok());
  ASSERT_TRUE(store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now()).ok());
  catalog_.Forget(scope_, SurveyId("s"));
  EXPECT_EQ(catalog_.CachedStatus(scope_, SurveyId("s")), std::nullopt);
  EXPECT_EQ(catalog_.Status(scope_, SurveyId("s"))->published_version, 1);
}

TEST_F(SurveyCatalogTest, KeepsTenantsApart) {
  Create("s");
  ASSERT_TRUE(catalog_.Status(scope_, SurveyId("s")).ok());
  EXPECT_EQ(catalog_.CachedStatus(other_, SurveyId("s")), std::nullopt);
  EXPECT_EQ(ReasonOf(catalog_.Status(other_, SurveyId("s")).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
}

TEST_F(SurveyCatalogTest, RemembersVersionsForGood) {
  Create("s");
  EXPECT_EQ(ReasonOf(catalog_.Version(scope_, SurveyId("s"), 1).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  ASSERT_TRUE(store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now()).ok());
  EXPECT_EQ(catalog_.CachedVersion(scope_, SurveyId("s"), 1), std::nullopt);
  const auto version = catalog_.Version(scope_, SurveyId("s"), 1);
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ((*version)->definition().questions(0).key(), "nps");
  db_.clock().Advance(absl::Hours(1000));
  catalog_.Forget(scope_, SurveyId("s"));
  EXPECT_EQ(catalog_.CachedVersion(scope_, SurveyId("s"), 1), *version);
  EXPECT_EQ(catalog_.CachedVersion(other_, SurveyId("s"), 1), std::nullopt);
}

TEST_F(SurveyCatalogTest, HistoryGrowsWithTheVersions) {
  Create("s", "a");
  ASSERT_TRUE(store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now()).ok());
  const auto first = catalog_.History(scope_, SurveyId("s"), 1);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT((*first)->VersionsOf("a", "nps").same, ElementsAre(1));
  EXPECT_EQ(*catalog_.History(scope_, SurveyId("s"), 1), *first) << "from memory";

  for (const std::string key : {"b", "a"}) {
    ASSERT_TRUE(SetKey("s", key).ok());
    ASSERT_TRUE(store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now()).ok());
  }
  const auto third = catalog_.History(scope_, SurveyId("s"), 3);
  EXPECT_THAT((*third)->VersionsOf("a", "nps").same, ElementsAre(1, 3));
  EXPECT_EQ((*third)->LastVersionOf("b"), 2);
  EXPECT_EQ((*first)->versions(), 1) << "what was given out does not change";
  EXPECT_EQ((*catalog_.History(scope_, SurveyId("s"), 2))->versions(), 3) << "more than was asked";
  EXPECT_EQ(catalog_.CachedVersion(scope_, SurveyId("s"), 1), std::nullopt) << "definitions are not kept for it";
  EXPECT_EQ(ReasonOf(catalog_.History(scope_, SurveyId("s"), 4).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_EQ(ReasonOf(catalog_.History(other_, SurveyId("s"), 1).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
}

TEST_F(SurveyCatalogTest, StaysWithinItsLimits) {
  const std::size_t weight = [&] {
    Create("s0");
    return store_.Publish(scope_, SurveyId("s0"), "", db_.clock().Now()).ok()
               ? store_.GetVersion(scope_, SurveyId("s0"), 1)->ByteSizeLong()
               : 0;
  }();
  SurveyCatalog small(store_, db_.clock(), {.max_statuses = 1, .max_version_bytes = weight * 2});
  for (int i = 0; i < 3; ++i) {
    const SurveyId id(absl::StrCat("s", i));
    if (i > 0) Create(id.value());
    ASSERT_TRUE(store_.Publish(scope_, id, "", db_.clock().Now()).ok());
    ASSERT_TRUE(small.Version(scope_, id, 1).ok());
    ASSERT_TRUE(small.Status(scope_, id).ok());
  }
  EXPECT_EQ(small.CachedVersion(scope_, SurveyId("s0"), 1), std::nullopt) << "used least recently";
  EXPECT_NE(small.CachedVersion(scope_, SurveyId("s2"), 1), std::nullopt);
  EXPECT_EQ(small.CachedStatus(scope_, SurveyId("s1")), std::nullopt);
  EXPECT_NE(small.CachedStatus(scope_, SurveyId("s2")), std::nullopt);
}

TEST_F(SurveyCatalogTest, ServesManyThreads) {
  Create("s");
  ASSERT_TRUE(store_.Publish(scope_, SurveyId("s"), "", db_.clock().Now()).ok());
  std::atomic<int> good = 0;
  std::vector<std::thread> readers;
  readers.reserve(4);
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      for (int k = 0; k < 200; ++k) {
        if (k % 50 == 0) catalog_.Forget(scope_, SurveyId("s"));
        const bool both =
            catalog_.Status(scope_, SurveyId("s")).ok() && catalog_.Version(scope_, SurveyId("s"), 1).ok();
        good += both ? 1 : 0;
      }
    });
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(good, 800);
}

}  // namespace
}  // namespace canvass::surveys
