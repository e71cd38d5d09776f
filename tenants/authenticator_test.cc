#include "tenants/authenticator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/mysql/testing/test_database.h"
#include "tenants/keys/create_api_key.h"
#include "tenants/keys/get_api_key.h"
#include "tenants/keys/revoke_api_key.h"
#include "tenants/keys/rotate_api_key.h"
#include "tenants/tenant_store.h"

namespace canvass::tenants {
namespace {

const std::string kSecret(32, 's');
const std::string kOperator = "cvo_0123456789abcdef0123456789abcdef";

class AuthenticatorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    v1::Tenant tenant;
    tenant.set_time_zone("Europe/Prague");
    ASSERT_TRUE(tenants_.Insert(TenantId("acme"), tenant, db_.clock().Now()).ok());
  }

  v1::CreateApiKeyResponse MakeKey(v1::ApiKey::Role role = v1::ApiKey::ROLE_EDITOR,
                                   absl::Duration lifetime = absl::InfiniteDuration()) {
    v1::CreateApiKeyRequest request;
    request.set_parent("tenants/acme");
    request.mutable_api_key()->set_role(role);
    request.mutable_api_key()->set_display_name("key");
    if (lifetime != absl::InfiniteDuration()) {
      *request.mutable_api_key()->mutable_expire_time() = ToProto(db_.clock().Now() + lifetime);
    }
    auto made = CreateApiKey(keys_, authority_, db_.random(), db_.clock(), scope(), request);
    EXPECT_TRUE(made.ok()) << made.status();
    return *made;
  }

  TenantScope scope() { return tenants_.Get(TenantId("acme"))->scope; }

  absl::StatusOr<v1::ApiKey> Revoke(Authenticator& authenticator, const std::string& name) {
    v1::RevokeApiKeyRequest request;
    request.set_name(name);
    return RevokeApiKey(keys_, authenticator, db_.clock(), scope(), request);
  }

  v1::ErrorReason ReasonFor(const std::string& header) {
    return ReasonOf(authenticator_.Authenticate(header).status());
  }
  static std::string Bearer(const std::string& credential) { return absl::StrCat("Bearer ", credential); }

  mysql::testing::TestDatabase db_;
  TenantStore tenants_{db_.database()};
  ApiKeyStore keys_{db_.database()};
  CredentialAuthority authority_{kSecret, kOperator};
  Authenticator authenticator_{authority_, keys_, db_.clock()};
  // Another server of the same cluster.
  Authenticator elsewhere_{authority_, keys_, db_.clock()};
};

TEST_F(AuthenticatorTest, KnowsAKey) {
  const v1::CreateApiKeyResponse made = MakeKey();
  const std::string header = Bearer(made.credential());
  EXPECT_FALSE(authenticator_.Cached(header).has_value());
  const absl::StatusOr<Principal> principal = authenticator_.Authenticate(header);
  ASSERT_TRUE(principal.ok()) << principal.status();
  ASSERT_TRUE(principal->key.has_value());
  EXPECT_EQ(principal->key->scope.tenant(), TenantId("acme"));
  EXPECT_EQ(principal->key->scope.time_zone().name(), "Europe/Prague");
  EXPECT_EQ(principal->key->role, v1::ApiKey::ROLE_EDITOR);
  EXPECT_EQ(principal->key->tenant_state, v1::Tenant::STATE_ACTIVE);
  EXPECT_EQ(made.api_key().name(), absl::StrCat("tenants/acme/apiKeys/", principal->key->key_id));
  EXPECT_TRUE(principal->caller() == Callers::kEditor);

  const auto cached = authenticator_.Cached(header);
  ASSERT_TRUE(cached.has_value());
  EXPECT_EQ((*cached)->key->key_id, principal->key->key_id);
}

TEST_F(AuthenticatorTest, StoresNoSecret) {
  const v1::CreateApiKeyResponse made = MakeKey();
  const std::string secret = made.credential().substr(17);
  EXPECT_EQ(db_.Count(absl::StrCat("SELECT COUNT(*) FROM api_keys WHERE payload LIKE '%", secret,
                                   "%' OR secret_hmac LIKE '%", secret, "%' OR key_id LIKE '%", secret, "%'")),
            0);
  EXPECT_EQ(made.api_key().DebugString().find(secret), std::string::npos);
}

TEST_F(AuthenticatorTest, KnowsTheOperatorWithoutTheDatabase) {
  const auto principal = authenticator_.Cached(Bearer(kOperator));
  ASSERT_TRUE(principal.has_value());
  ASSERT_TRUE(principal->ok());
  EXPECT_TRUE((*principal)->is_operator());
  EXPECT_TRUE((*principal)->caller() == Callers::kOperator);
}

TEST_F(AuthenticatorTest, TellsMissingFromInvalid) {
  EXPECT_EQ(ReasonFor(""), v1::ERROR_REASON_CREDENTIAL_MISSING);
  for (const char* bad : {"Bearer ", "Basic YTpi", "Bearer nonsense", "Bearer cvo_wrong", "Bearer cvk_a_b"}) {
    EXPECT_EQ(ReasonFor(bad), v1::ERROR_REASON_CREDENTIAL_INVALID) << bad;
    EXPECT_EQ(authenticator_.Authenticate(bad).status().code(), absl::StatusCode::kUnauthenticated);
  }
}

TEST_F(AuthenticatorTest, GuessesNeverReachTheDatabase) {
  const std::string good = MakeKey().credential();
  // A wrong secret of a known key, and made-up ids.
  for (std::size_t i = 4; i < good.size(); ++i) {
    std::string guess = good;
    guess[i] = guess[i] == 'a' ? 'b' : 'a';
    const auto known = authenticator_.Cached(Bearer(guess));
    ASSERT_TRUE(known.has_value()) << guess;
    EXPECT_EQ(ReasonOf(known->status()), v1::ERROR_REASON_CREDENTIAL_INVALID);
  }
  // Also once the key itself is cached.
  ASSERT_TRUE(authenticator_.Authenticate(Bearer(good)).ok());
  std::string guess = good;
  guess.back() = guess.back() == 'a' ? 'b' : 'a';
  EXPECT_EQ(ReasonOf(authenticator_.Cached(Bearer(guess))->status()), v1::ERROR_REASON_CREDENTIAL_INVALID);
  EXPECT_TRUE(authenticator_.Cached(Bearer(good))->ok());
}

TEST_F(AuthenticatorTest, KeysOfAnotherSecretOrThatAreGoneAreInvalid) {
  const NewCredential foreign = CredentialAuthority(std::string(32, 'x'), "").Make(db_.random());
  EXPECT_EQ(ReasonFor(Bearer(foreign.text)), v1::ERROR_REASON_CREDENTIAL_INVALID);
  // Genuine, but without a row: asked once a second at most.
  const NewCredential gone = authority_.Make(db_.random());
  EXPECT_FALSE(authenticator_.Cached(Bearer(gone.text)).has_value());
  EXPECT_EQ(ReasonFor(Bearer(gone.text)), v1::ERROR_REASON_CREDENTIAL_INVALID);
  EXPECT_TRUE(authenticator_.Cached(Bearer(gone.text)).has_value());
  db_.clock().Advance(absl::Seconds(1));
  EXPECT_FALSE(authenticator_.Cached(Bearer(gone.text)).has_value());
}

TEST_F(AuthenticatorTest, AKeyExpiresToTheMoment) {
  const std::string header = Bearer(MakeKey(v1::ApiKey::ROLE_ADMIN, absl::Seconds(2)).credential());
  EXPECT_TRUE(authenticator_.Authenticate(header).ok());
  db_.clock().Advance(absl::Seconds(2));
  EXPECT_EQ(ReasonOf(authenticator_.Cached(header)->status()), v1::ERROR_REASON_CREDENTIAL_EXPIRED)
      << "although it is cached";
  EXPECT_EQ(ReasonOf(elsewhere_.Authenticate(header).status()), v1::ERROR_REASON_CREDENTIAL_EXPIRED);
}

TEST_F(AuthenticatorTest, ARevocationWorksHereAtOnceAndEverywhereWithinFiveSeconds) {
  const v1::CreateApiKeyResponse made = MakeKey();
  const std::string header = Bearer(made.credential());
  ASSERT_TRUE(authenticator_.Authenticate(header).ok());
  ASSERT_TRUE(elsewhere_.Authenticate(header).ok());
  const absl::StatusOr<v1::ApiKey> revoked = Revoke(authenticator_, made.api_key().name());
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_EQ(FromProto(revoked->revoke_time()), db_.clock().Now());
  EXPECT_EQ(ReasonFor(header), v1::ERROR_REASON_CREDENTIAL_INVALID);
  db_.clock().Advance(absl::Seconds(5));
  EXPECT_EQ(ReasonOf(elsewhere_.Authenticate(header).status()), v1::ERROR_REASON_CREDENTIAL_INVALID);
  const absl::StatusOr<v1::ApiKey> again = Revoke(authenticator_, made.api_key().name());
  EXPECT_EQ(again->SerializeAsString(), revoked->SerializeAsString()) << "revoking again changes nothing";
}

TEST_F(AuthenticatorTest, ASuspensionIsSeenWithinFiveSeconds) {
  const std::string header = Bearer(MakeKey().credential());
  ASSERT_TRUE(authenticator_.Authenticate(header).ok());
  ASSERT_TRUE(tenants_
                  .Change(TenantId("acme"),
                          [](v1::Tenant& tenant) {
                            tenant.set_state(v1::Tenant::STATE_SUSPENDED);
                            return absl::OkStatus();
                          })
                  .ok());
  db_.clock().Advance(absl::Seconds(5));
  EXPECT_EQ(authenticator_.Authenticate(header)->key->tenant_state, v1::Tenant::STATE_SUSPENDED);
}

TEST_F(AuthenticatorTest, WhoeverIsSentToRefreshDoes) {
  const v1::CreateApiKeyResponse made = MakeKey();
  const std::string header = Bearer(made.credential());
  ASSERT_TRUE(authenticator_.Authenticate(header).ok());
  ASSERT_TRUE(Revoke(elsewhere_, made.api_key().name()).ok());
  db_.clock().Advance(absl::Seconds(3));
  EXPECT_FALSE(authenticator_.Cached(header).has_value()) << "this caller refreshes";
  EXPECT_TRUE(authenticator_.Cached(header)->ok()) << "the others go on with the old entry";
  EXPECT_EQ(ReasonFor(header), v1::ERROR_REASON_CREDENTIAL_INVALID);
  EXPECT_FALSE(authenticator_.Cached(header)->ok());
}

TEST_F(AuthenticatorTest, GoesOnForItsTimeWhileTheDatabaseFails) {
  const std::string header = Bearer(MakeKey().credential());
  ASSERT_TRUE(authenticator_.Authenticate(header).ok());
  ASSERT_TRUE(db_.Connect()->ExecuteText("RENAME TABLE api_keys TO hidden").ok());
  db_.clock().Advance(absl::Seconds(3));
  EXPECT_TRUE(authenticator_.Authenticate(header).ok()) << "the refresh fails, the entry still holds";
  db_.clock().Advance(absl::Seconds(1));
  EXPECT_EQ(authenticator_.Authenticate(header).status().code(), absl::StatusCode::kInternal);
  ASSERT_TRUE(db_.Connect()->ExecuteText("RENAME TABLE hidden TO api_keys").ok());
  EXPECT_TRUE(authenticator_.Authenticate(header).ok());
}

TEST_F(AuthenticatorTest, RotationLetsBothKeysWorkForAWhile) {
  const v1::CreateApiKeyResponse old_key = MakeKey(v1::ApiKey::ROLE_INGEST);
  v1::RotateApiKeyRequest request;
  request.set_name(old_key.api_key().name());
  *request.mutable_overlap() = ToProto(absl::Minutes(10));
  const absl::StatusOr<v1::RotateApiKeyResponse> rotated =
      RotateApiKey(keys_, authority_, authenticator_, db_.random(), db_.clock(), scope(), request);
  ASSERT_TRUE(rotated.ok()) << rotated.status();
  EXPECT_EQ(rotated->api_key().role(), v1::ApiKey::ROLE_INGEST);
  EXPECT_EQ(rotated->replaced_api_key().name(), old_key.api_key().name());
  EXPECT_EQ(FromProto(rotated->replaced_api_key().expire_time()), db_.clock().Now() + absl::Minutes(10));
  EXPECT_TRUE(authenticator_.Authenticate(Bearer(old_key.credential())).ok());
  EXPECT_TRUE(authenticator_.Authenticate(Bearer(rotated->credential())).ok());
  db_.clock().Advance(absl::Minutes(10));
  EXPECT_EQ(ReasonFor(Bearer(old_key.credential())), v1::ERROR_REASON_CREDENTIAL_EXPIRED);
  EXPECT_TRUE(authenticator_.Authenticate(Bearer(rotated->credential())).ok());
  EXPECT_EQ(
      ReasonOf(RotateApiKey(keys_, authority_, authenticator_, db_.random(), db_.clock(), scope(), request).status()),
      v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM api_keys"), 2) << "the refused rotation left nothing";
}

TEST_F(AuthenticatorTest, KeysAreReadAndListedWithinTheirTenant) {
  for (int i = 0; i < 5; ++i) MakeKey();
  v1::ListApiKeysRequest list;
  list.set_parent("tenants/acme");
  list.set_page_size(2);
  std::vector<std::string> names;
  do {
    const absl::StatusOr<v1::ListApiKeysResponse> page = ListApiKeys(keys_, scope(), list);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::ApiKey& key : page->api_keys()) names.push_back(key.name());
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(names.size(), 5u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));

  v1::GetApiKeyRequest get;
  get.set_name(names[0]);
  EXPECT_EQ(GetApiKey(keys_, scope(), get)->name(), names[0]);
  const TenantScope rival = mysql::testing::MakeScope("rival");
  EXPECT_EQ(ReasonOf(GetApiKey(keys_, rival, get).status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  get.set_name(absl::StrCat("tenants/rival", names[0].substr(sizeof("tenants/acme") - 1)));
  EXPECT_EQ(ReasonOf(GetApiKey(keys_, rival, get).status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  for (const char* id : {"nope", "%C3%A9t%C3%A9", "%00"}) {
    get.set_name(absl::StrCat("tenants/acme/apiKeys/", id));
    EXPECT_EQ(ReasonOf(GetApiKey(keys_, scope(), get).status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND) << id;
    EXPECT_EQ(ReasonOf(Revoke(authenticator_, get.name()).status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND) << id;
  }
}

TEST_F(AuthenticatorTest, ManyThreadsMayAskAtOnce) {
  const v1::CreateApiKeyResponse made = MakeKey();
  const std::string header = Bearer(made.credential());
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 300; ++n) {
        auto known = authenticator_.Cached(header);
        if (!(known.has_value() ? *known : authenticator_.Authenticate(header)).ok()) ++wrong;
        if (n % 50 == 0) db_.clock().Advance(absl::Milliseconds(700));
        if (n % 100 == 0) authenticator_.ForgetTenant(TenantId("acme"));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace canvass::tenants
