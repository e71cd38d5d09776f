// The tenant handlers over a real database.

#include "tenants/tenant_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/aip/page_token.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/mysql/testing/test_database.h"
#include "tenants/caller_scope.h"
#include "tenants/create_tenant.h"
#include "tenants/get_tenant.h"
#include "tenants/suspend_tenant.h"
#include "tenants/update_tenant.h"

namespace canvass::tenants {
namespace {

v1::CreateTenantRequest CreateRequest(const std::string& id, const std::string& display_name = "",
                                      const std::string& zone = "") {
  v1::CreateTenantRequest request;
  request.set_tenant_id(id);
  request.mutable_tenant()->set_display_name(display_name);
  request.mutable_tenant()->set_time_zone(zone);
  return request;
}

class TenantStoreTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Tenant> Create(const v1::CreateTenantRequest& request) {
    return CreateTenant(store_, db_.clock(), request);
  }
  absl::StatusOr<v1::Tenant> Get(const Principal& caller, const std::string& name) {
    v1::GetTenantRequest request;
    request.set_name(name);
    return GetTenant(store_, caller, request);
  }
  absl::StatusOr<v1::Tenant> Suspend(const std::string& name) {
    v1::SuspendTenantRequest request;
    request.set_name(name);
    return SuspendTenant(store_, authenticator_, request);
  }
  absl::StatusOr<v1::Tenant> Resume(const std::string& name) {
    v1::ResumeTenantRequest request;
    request.set_name(name);
    return ResumeTenant(store_, authenticator_, request);
  }
  Principal KeyOf(const std::string& tenant) {
    return Principal{Principal::Key{.scope = store_.Get(TenantId(tenant))->scope,
                                    .tenant_state = v1::Tenant::STATE_ACTIVE,
                                    .role = v1::ApiKey::ROLE_ANALYST,
                                    .key_id = "k"}};
  }

  mysql::testing::TestDatabase db_;
  TenantStore store_{db_.database()};
  ApiKeyStore keys_{db_.database()};
  CredentialAuthority authority_{std::string(32, 's'), ""};
  Authenticator authenticator_{authority_, keys_, db_.clock()};
  const Principal operator_;
};

TEST_F(TenantStoreTest, CreatesAndReads) {
  const absl::StatusOr<v1::Tenant> made = Create(CreateRequest("acme", "Acme \xf0\x9f\x9a\x80", "Europe/Prague"));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->name(), "tenants/acme");
  EXPECT_EQ(made->display_name(), "Acme \xf0\x9f\x9a\x80");
  EXPECT_EQ(made->time_zone(), "Europe/Prague");
  EXPECT_EQ(made->state(), v1::Tenant::STATE_ACTIVE);
  EXPECT_EQ(FromProto(made->create_time()), db_.clock().Now());
  EXPECT_FALSE(made->etag().empty());

  const absl::StatusOr<v1::Tenant> read = Get(operator_, "tenants/acme");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->SerializeAsString(), made->SerializeAsString());
  EXPECT_EQ(store_.Get(TenantId("acme"))->cluster, "main");
  EXPECT_EQ(store_.Get(TenantId("acme"))->scope.time_zone().name(), "Europe/Prague");
}

TEST_F(TenantStoreTest, CreatingAgainIsSafe) {
  const absl::StatusOr<v1::Tenant> first = Create(CreateRequest("acme", "Acme"));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->time_zone(), "UTC");
  db_.clock().Advance(absl::Hours(1));
  const absl::StatusOr<v1::Tenant> again = Create(CreateRequest("acme", "Acme", "UTC"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(ReasonOf(Create(CreateRequest("acme", "Other")).status()), v1::ERROR_REASON_RESOURCE_EXISTS);
  EXPECT_EQ(Create(CreateRequest("acme", "Acme", "Asia/Tokyo")).status().code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(TenantStoreTest, ManyMayCreateTheSameAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { good += Create(CreateRequest("acme", "Acme")).ok(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 8);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM tenants"), 1);
}

TEST_F(TenantStoreTest, AKeySeesItsOwnTenantAlone) {
  ASSERT_TRUE(Create(CreateRequest("acme")).ok());
  ASSERT_TRUE(Create(CreateRequest("rival")).ok());
  const Principal acme = KeyOf("acme");
  EXPECT_EQ(Get(acme, "tenants/acme")->name(), "tenants/acme");
  EXPECT_EQ(Get(acme, "tenants/-")->name(), "tenants/acme");
  EXPECT_EQ(ReasonOf(Get(acme, "tenants/rival").status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  EXPECT_EQ(Get(acme, "tenants/rival").status().message().size(), Get(acme, "tenants/noone").status().message().size())
      << "both answers are alike";
}

TEST_F(TenantStoreTest, UnknownTenantsAreNotFound) {
  for (const char* name : {"tenants/nobody", "tenants/Acme", "tenants/\xc3\xa9t\xc3\xa9", "tenants/a%20b"}) {
    EXPECT_EQ(ReasonOf(Get(operator_, name).status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND) << name;
    EXPECT_EQ(ReasonOf(Suspend(name).status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND) << name;
    EXPECT_EQ(ReasonOf(CallerScope(store_, operator_, "name", name).status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  }
}

TEST_F(TenantStoreTest, ListsByIdInPages) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Create(CreateRequest(absl::StrCat("t", 4 - i))).ok());
  v1::ListTenantsRequest request;
  request.set_page_size(2);
  std::string all;
  int pages = 0;
  do {
    const absl::StatusOr<v1::ListTenantsResponse> page = ListTenants(store_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_LE(page->tenants_size(), 2);
    for (const v1::Tenant& tenant : page->tenants()) absl::StrAppend(&all, tenant.name(), " ");
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(all, "tenants/t0 tenants/t1 tenants/t2 tenants/t3 tenants/t4 ");
  EXPECT_EQ(pages, 3);
  for (const std::string& bad : {std::string("rubbish"), EncodePageToken("ListTenants", "\xc3\xa9")}) {
    request.set_page_token(bad);
    EXPECT_EQ(ReasonOf(ListTenants(store_, request).status()), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
  }
  request.clear_page_token();
  request.set_page_size(-1);
  EXPECT_EQ(ReasonOf(ListTenants(store_, request).status()), v1::ERROR_REASON_INVALID_FIELD);
}

TEST_F(TenantStoreTest, UpdatesTheDisplayNameUnderItsEtag) {
  const absl::StatusOr<v1::Tenant> made = Create(CreateRequest("acme", "Acme"));
  ASSERT_TRUE(made.ok()) << made.status();
  v1::UpdateTenantRequest request;
  *request.mutable_tenant() = *made;
  request.mutable_tenant()->set_display_name("Acme Ltd");
  const absl::StatusOr<v1::Tenant> changed = UpdateTenant(store_, request);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->display_name(), "Acme Ltd");
  EXPECT_NE(changed->etag(), made->etag());
  EXPECT_EQ(changed->SerializeAsString(), Get(operator_, "tenants/acme")->SerializeAsString());

  request.mutable_tenant()->set_display_name("Late");
  EXPECT_EQ(ReasonOf(UpdateTenant(store_, request).status()), v1::ERROR_REASON_ETAG_MISMATCH);
  request.mutable_tenant()->clear_etag();
  EXPECT_TRUE(UpdateTenant(store_, request).ok());
  request.mutable_update_mask()->add_paths("time_zone");
  EXPECT_EQ(ReasonOf(UpdateTenant(store_, request).status()), v1::ERROR_REASON_INVALID_FIELD_MASK);
  request.clear_update_mask();
  request.mutable_tenant()->set_display_name(std::string(201, 'x'));
  EXPECT_EQ(ReasonOf(UpdateTenant(store_, request).status()), v1::ERROR_REASON_INVALID_FIELD);
  request.mutable_tenant()->set_name("tenants/nobody");
  EXPECT_EQ(ReasonOf(UpdateTenant(store_, request).status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
}

TEST_F(TenantStoreTest, SuspendsAndResumesOnce) {
  const absl::StatusOr<v1::Tenant> made = Create(CreateRequest("acme", "Acme"));
  ASSERT_TRUE(made.ok()) << made.status();
  const absl::StatusOr<v1::Tenant> suspended = Suspend("tenants/acme");
  ASSERT_TRUE(suspended.ok()) << suspended.status();
  EXPECT_EQ(suspended->state(), v1::Tenant::STATE_SUSPENDED);
  EXPECT_EQ(suspended->display_name(), "Acme");
  EXPECT_NE(suspended->etag(), made->etag());
  EXPECT_EQ(Suspend("tenants/acme")->etag(), suspended->etag()) << "a second time changes nothing";
  EXPECT_EQ(Resume("tenants/acme")->state(), v1::Tenant::STATE_ACTIVE);
  EXPECT_EQ(ReasonOf(Suspend("tenants/-").status()), v1::ERROR_REASON_INVALID_RESOURCE_NAME);
}

TEST_F(TenantStoreTest, TheOperatorsScopeIsThatOfTheNamedTenant) {
  ASSERT_TRUE(Create(CreateRequest("acme")).ok());
  ASSERT_TRUE(Create(CreateRequest("rival")).ok());
  EXPECT_EQ(CallerScope(store_, operator_, "name", "tenants/rival/apiKeys/k")->tenant(), TenantId("rival"));
  EXPECT_EQ(CallerScope(store_, KeyOf("acme"), "name", "tenants/rival/apiKeys/k")->tenant(), TenantId("acme"))
      << "a key never leaves its tenant, whatever it names";
  EXPECT_EQ(ReasonOf(CallerScope(store_, operator_, "name", "tenants/-/apiKeys/k").status()),
            v1::ERROR_REASON_INVALID_RESOURCE_NAME);
}

}  // namespace
}  // namespace canvass::tenants
