// TenantService and ApiKeyService as callers see them.

#include "server/rpc/services/tenant_service.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "canvass/v1/api_key_service.pb.h"
#include "canvass/v1/tenant_service.pb.h"
#include "server/base/proto_time.h"
#include "server/mysql/testing/test_database.h"
#include "server/rpc/services/api_key_service.h"
#include "server/rpc/testing/edge_server.h"

namespace canvass::rpc {
namespace {

using testing::Answer;
using testing::EdgeServer;

class TenantServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_.Add(MakeTenantService(server_.pipeline(), server_.rooms()));
    server_.Add(MakeApiKeyService(server_.pipeline(), server_.rooms()));
    server_.Start();
    ASSERT_TRUE(CreateTenant(operator_, "acme").status.ok());
    ASSERT_TRUE(CreateTenant(operator_, "rival").status.ok());
  }

  template <typename Response, typename Request>
  Answer<Response> OfTenants(const std::string& verb, const std::string& credential, const Request& request) {
    return server_.Call<Response>("/canvass.v1.TenantService/" + verb, credential, request);
  }
  template <typename Response, typename Request>
  Answer<Response> OfKeys(const std::string& verb, const std::string& credential, const Request& request) {
    return server_.Call<Response>("/canvass.v1.ApiKeyService/" + verb, credential, request);
  }

  Answer<v1::Tenant> CreateTenant(const std::string& credential, const std::string& id) {
    v1::CreateTenantRequest request;
    request.set_tenant_id(id);
    return OfTenants<v1::Tenant>("CreateTenant", credential, request);
  }
  Answer<v1::Tenant> GetTenant(const std::string& credential, const std::string& name) {
    v1::GetTenantRequest request;
    request.set_name(name);
    return OfTenants<v1::Tenant>("GetTenant", credential, request);
  }
  Answer<v1::CreateApiKeyResponse> CreateKey(const std::string& credential, const std::string& parent,
                                             v1::ApiKey::Role role = v1::ApiKey::ROLE_ADMIN) {
    v1::CreateApiKeyRequest request;
    request.set_parent(parent);
    request.mutable_api_key()->set_role(role);
    return OfKeys<v1::CreateApiKeyResponse>("CreateApiKey", credential, request);
  }
  Answer<v1::ApiKey> GetKey(const std::string& credential, const std::string& name) {
    v1::GetApiKeyRequest request;
    request.set_name(name);
    return OfKeys<v1::ApiKey>("GetApiKey", credential, request);
  }

  mysql::testing::TestDatabase db_;
  EdgeServer server_{db_.database(), db_.clock(), {}};
  const std::string operator_ = EdgeServer::operator_credential();
};

TEST_F(TenantServiceTest, TheOperatorProvisionsATenantAndItsFirstKey) {
  const Answer<v1::CreateApiKeyResponse> made = CreateKey(operator_, "tenants/acme");
  ASSERT_TRUE(made.status.ok()) << made.status;
  EXPECT_EQ(made.message.api_key().role(), v1::ApiKey::ROLE_ADMIN);
  const std::string admin = made.message.credential();
  EXPECT_EQ(GetTenant(admin, "tenants/-").message.name(), "tenants/acme");
  const Answer<v1::CreateApiKeyResponse> second = CreateKey(admin, "tenants/-", v1::ApiKey::ROLE_ANALYST);
  ASSERT_TRUE(second.status.ok()) << second.status;
  EXPECT_EQ(GetTenant(second.message.credential(), "tenants/acme").message.name(), "tenants/acme");
  EXPECT_EQ(GetKey(operator_, second.message.api_key().name()).message.role(), v1::ApiKey::ROLE_ANALYST);

  v1::ListApiKeysRequest list;
  list.set_parent("tenants/acme");
  EXPECT_EQ(OfKeys<v1::ListApiKeysResponse>("ListApiKeys", operator_, list).message.api_keys_size(), 2);
}

TEST_F(TenantServiceTest, OnlyTheOperatorProvisions) {
  const std::string admin = CreateKey(operator_, "tenants/acme").message.credential();
  EXPECT_EQ(CreateTenant(admin, "other").reason(), v1::ERROR_REASON_PERMISSION_DENIED);
  v1::SuspendTenantRequest suspend;
  suspend.set_name("tenants/acme");
  EXPECT_EQ(OfTenants<v1::Tenant>("SuspendTenant", admin, suspend).reason(), v1::ERROR_REASON_PERMISSION_DENIED);
  EXPECT_EQ(OfTenants<v1::ListTenantsResponse>("ListTenants", admin, v1::ListTenantsRequest()).reason(),
            v1::ERROR_REASON_PERMISSION_DENIED);
  const std::string editor = server_.MakeKey("acme", v1::ApiKey::ROLE_EDITOR);
  EXPECT_EQ(CreateKey(editor, "tenants/acme").reason(), v1::ERROR_REASON_PERMISSION_DENIED);
}

TEST_F(TenantServiceTest, AKeyStaysWithinItsTenant) {
  const std::string admin = CreateKey(operator_, "tenants/acme").message.credential();
  const std::string rivals_key = CreateKey(operator_, "tenants/rival").message.api_key().name();
  EXPECT_EQ(GetTenant(admin, "tenants/rival").reason(), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  EXPECT_EQ(CreateKey(admin, "tenants/rival").reason(), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  EXPECT_EQ(GetKey(admin, rivals_key).reason(), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  const std::string id = rivals_key.substr(rivals_key.rfind('/') + 1);
  EXPECT_EQ(GetKey(admin, absl::StrCat("tenants/acme/apiKeys/", id)).reason(), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  v1::RevokeApiKeyRequest revoke;
  revoke.set_name(rivals_key);
  EXPECT_EQ(OfKeys<v1::ApiKey>("RevokeApiKey", admin, revoke).reason(), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  v1::RotateApiKeyRequest rotate;
  rotate.set_name(rivals_key);
  EXPECT_EQ(OfKeys<v1::RotateApiKeyResponse>("RotateApiKey", admin, rotate).reason(),
            v1::ERROR_REASON_RESOURCE_NOT_FOUND);
}

TEST_F(TenantServiceTest, TheOperatorHasToNameATenantThatExists) {
  EXPECT_EQ(CreateKey(operator_, "tenants/nobody").reason(), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  EXPECT_EQ(CreateKey(operator_, "tenants/-").reason(), v1::ERROR_REASON_INVALID_RESOURCE_NAME);
  EXPECT_EQ(CreateKey(operator_, "").reason(), v1::ERROR_REASON_INVALID_RESOURCE_NAME);
  EXPECT_EQ(GetTenant(operator_, "tenants/-").reason(), v1::ERROR_REASON_INVALID_RESOURCE_NAME);
}

TEST_F(TenantServiceTest, ASuspensionWorksAtOnceAndEnds) {
  const std::string admin = CreateKey(operator_, "tenants/acme").message.credential();
  ASSERT_TRUE(GetTenant(admin, "tenants/-").status.ok());
  v1::SuspendTenantRequest suspend;
  suspend.set_name("tenants/acme");
  ASSERT_TRUE(OfTenants<v1::Tenant>("SuspendTenant", operator_, suspend).status.ok());
  EXPECT_EQ(CreateKey(admin, "tenants/-").reason(), v1::ERROR_REASON_TENANT_SUSPENDED);
  EXPECT_EQ(GetTenant(admin, "tenants/-").message.state(), v1::Tenant::STATE_SUSPENDED);
  EXPECT_TRUE(CreateKey(operator_, "tenants/acme").status.ok()) << "the operator is not held up";
  v1::ResumeTenantRequest resume;
  resume.set_name("tenants/acme");
  ASSERT_TRUE(OfTenants<v1::Tenant>("ResumeTenant", operator_, resume).status.ok());
  EXPECT_TRUE(CreateKey(admin, "tenants/-").status.ok());
}

TEST_F(TenantServiceTest, RevokedAndExpiredKeysAreRefused) {
  const Answer<v1::CreateApiKeyResponse> made = CreateKey(operator_, "tenants/acme");
  const std::string admin = made.message.credential();
  ASSERT_TRUE(GetTenant(admin, "tenants/-").status.ok());
  v1::RotateApiKeyRequest rotate;
  rotate.set_name(made.message.api_key().name());
  *rotate.mutable_overlap() = ToProto(absl::Seconds(30));
  const Answer<v1::RotateApiKeyResponse> rotated = OfKeys<v1::RotateApiKeyResponse>("RotateApiKey", admin, rotate);
  ASSERT_TRUE(rotated.status.ok()) << rotated.status;
  EXPECT_TRUE(GetTenant(admin, "tenants/-").status.ok());
  db_.clock().Advance(absl::Seconds(31));
  EXPECT_EQ(GetTenant(admin, "tenants/-").reason(), v1::ERROR_REASON_CREDENTIAL_EXPIRED);

  const std::string successor = rotated.message.credential();
  ASSERT_TRUE(GetTenant(successor, "tenants/-").status.ok());
  v1::RevokeApiKeyRequest revoke;
  revoke.set_name(rotated.message.api_key().name());
  ASSERT_TRUE(OfKeys<v1::ApiKey>("RevokeApiKey", successor, revoke).status.ok()) << "even itself";
  EXPECT_EQ(GetTenant(successor, "tenants/-").reason(), v1::ERROR_REASON_CREDENTIAL_INVALID);
}

TEST_F(TenantServiceTest, ErasingATenantIsNotThereYet) {
  v1::DeleteTenantRequest request;
  request.set_name("tenants/acme");
  EXPECT_EQ(OfTenants<v1::DeleteTenantResponse>("DeleteTenant", operator_, request).reason(),
            v1::ERROR_REASON_NOT_IMPLEMENTED);
}

}  // namespace
}  // namespace canvass::rpc
