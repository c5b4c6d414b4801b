// SPDX-License-Identifier: Apache-2.0
#include "store/cms_signature.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include <array>
#include <limits>
#include <optional>
#include <set>

#include "base/check.h"
#include "bytes/digest.h"

namespace triage {
namespace {

template <auto Free>
struct Releases {
  template <typename T>
  void operator()(T* one) const {
    Free(one);
  }
};
using Bio = std::unique_ptr<BIO, Releases<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Releases<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Releases<EVP_PKEY_free>>;
using Cms = std::unique_ptr<CMS_ContentInfo, Releases<CMS_ContentInfo_free>>;
using Store = std::unique_ptr<X509_STORE, Releases<X509_STORE_free>>;
struct StackFree {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using Stack = std::unique_ptr<STACK_OF(X509), StackFree>;

/// An Error with what OpenSSL says; its queue is empty afterwards.
tl::unexpected<Error> openssl_error(ErrorCode code, std::string message) {
  std::array<char, 256> text{};
  const unsigned long number = ERR_get_error();
  if (number != 0) ERR_error_string_n(number, text.data(), text.size());
  ERR_clear_error();
  return fail(code, std::move(message), text.data());
}

Bio memory_of(std::string_view text) {
  TRIAGE_CHECK(text.size() < std::numeric_limits<int>::max());
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string content_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

/// Asks nobody for a passphrase.
int no_passphrase(char*, int, int, void*) { return -1; }

std::vector<Certificate> certificates_of(std::string_view pem) {
  const Bio in = memory_of(pem);
  std::vector<Certificate> out;
  while (X509* one = PEM_read_bio_X509(in.get(), nullptr, no_passphrase, nullptr)) out.emplace_back(one);
  ERR_clear_error();  // the end of the text counts as one
  return out;
}

std::string subject_of(X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  return content_of(out.get());
}

std::string digest_of(X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()));
  if (i2d_X509_bio(out.get(), certificate) != 1) return {};
  return sha256_hex(content_of(out.get()));
}

/// True when the signed attributes of every signer name its certificate by hash (signing-certificate-v2, RFC 5035 §3):
/// else a byte of the certificate that its own issuer's signature alone covers could change unseen.
bool certificates_are_signed(CMS_ContentInfo* cms, const STACK_OF(X509) * signers) {
  STACK_OF(CMS_SignerInfo)* infos = CMS_get0_SignerInfos(cms);
  const ASN1_OBJECT* wanted = OBJ_nid2obj(NID_id_smime_aa_signingCertificateV2);
  for (int i = 0; i < sk_CMS_SignerInfo_num(infos); ++i) {
    const auto* value = static_cast<const ASN1_STRING*>(
        CMS_signed_get0_data_by_OBJ(sk_CMS_SignerInfo_value(infos, i), wanted, -3, V_ASN1_SEQUENCE));
    if (value == nullptr) return false;
    const unsigned char* data = ASN1_STRING_get0_data(value);
    const std::unique_ptr<ESS_SIGNING_CERT_V2, Releases<ESS_SIGNING_CERT_V2_free>> named(
        d2i_ESS_SIGNING_CERT_V2(nullptr, &data, ASN1_STRING_length(value)));
    if (!named || OSSL_ESS_check_signing_certs(nullptr, named.get(), signers, 1) != 1) return false;
  }
  return sk_CMS_SignerInfo_num(infos) > 0;
}

/// One DER element from the front of `text`, which moves behind it; empty when there is none of `tag`.
struct Element {
  std::string_view whole;
  std::string_view content;
};
std::optional<Element> take_element(std::string_view& text, int tag) {
  const auto* begin = static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
  const unsigned char* at = begin;
  long length = 0;
  int found = 0;
  int klass = 0;
  const int kind = ASN1_get_object(&at, &length, &found, &klass, static_cast<long>(text.size()));
  if ((kind & 0x80) != 0 || found != tag) return std::nullopt;
  const auto header = static_cast<std::size_t>(at - begin);
  const Element out{text.substr(0, header + static_cast<std::size_t>(length)),
                    text.substr(header, static_cast<std::size_t>(length))};
  text.remove_prefix(out.whole.size());
  return out;
}

template <typename T, int (*Encode)(const T*, unsigned char**)>
std::string der_of(const T* one) {
  std::string out(static_cast<std::size_t>(std::max(0, Encode(one, nullptr))), '\0');
  auto* at = static_cast<unsigned char*>(static_cast<void*>(out.data()));
  if (!out.empty()) Encode(one, &at);
  return out;
}

/// True when the signer's content type and signature algorithm are those that its signature was made with: OpenSSL
/// goes by the digest and the key alone.
bool algorithms_fit(CMS_ContentInfo* cms, CMS_SignerInfo* signer) {
  EVP_PKEY* key = nullptr;
  X509_ALGOR* digest = nullptr;
  X509_ALGOR* signature = nullptr;
  CMS_SignerInfo_get0_algs(signer, &key, nullptr, &digest, &signature);
  const ASN1_OBJECT* name = nullptr;
  const ASN1_OBJECT* signature_name = nullptr;
  X509_ALGOR_get0(&name, nullptr, nullptr, digest);
  X509_ALGOR_get0(&signature_name, nullptr, nullptr, signature);
  int made_digest = NID_undef;
  int made_key = NID_undef;
  // A bare key algorithm (RSA) stands for itself.
  const bool pair = OBJ_find_sigid_algs(OBJ_obj2nid(signature_name), &made_digest, &made_key) == 1;
  if (pair && made_digest != NID_undef && made_digest != OBJ_obj2nid(name)) return false;
  if (made_key == NID_rsassaPss) made_key = EVP_PKEY_RSA;
  if (key == nullptr || EVP_PKEY_get_base_id(key) != (pair ? made_key : OBJ_obj2nid(signature_name))) return false;
  const auto* type = static_cast<const ASN1_OBJECT*>(
      CMS_signed_get0_data_by_OBJ(signer, OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT));
  return type != nullptr && OBJ_cmp(type, CMS_get0_eContentType(cms)) == 0;
}

/// No signature covers the versions, the list of digests and how the issuer's name is spelt, but all follow from the
/// rest (RFC 5652 §5.1, §5.3): true when they are what it asks for with issuer and serial number.
bool frame_is_right(CMS_ContentInfo* cms, std::string_view der) {
  const auto info = take_element(der, V_ASN1_SEQUENCE);
  std::string_view rest = info ? info->content : std::string_view();
  if (!take_element(rest, V_ASN1_OBJECT)) return false;
  const auto wrapped = take_element(rest, 0);
  rest = wrapped ? wrapped->content : std::string_view();
  const auto signed_data = take_element(rest, V_ASN1_SEQUENCE);
  rest = signed_data ? signed_data->content : std::string_view();
  const auto version = take_element(rest, V_ASN1_INTEGER);
  const auto digests = take_element(rest, V_ASN1_SET);
  if (!version || version->content != "\x01" || !digests || !take_element(rest, V_ASN1_SEQUENCE)) return false;
  (void)take_element(rest, 0);  // certificates
  (void)take_element(rest, 1);  // revocation lists
  const auto infos = take_element(rest, V_ASN1_SET);
  std::string_view left = infos ? infos->content : std::string_view();
  std::set<std::string> used;
  STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(cms);
  for (int i = 0; i < sk_CMS_SignerInfo_num(signers); ++i) {
    const auto one = take_element(left, V_ASN1_SEQUENCE);
    std::string_view fields = one ? one->content : std::string_view();
    const auto own_version = take_element(fields, V_ASN1_INTEGER);
    X509* certificate = nullptr;
    X509_ALGOR* digest = nullptr;
    X509_NAME* issuer = nullptr;
    CMS_SignerInfo_get0_algs(sk_CMS_SignerInfo_value(signers, i), nullptr, &certificate, &digest, nullptr);
    CMS_SignerInfo_get0_signer_id(sk_CMS_SignerInfo_value(signers, i), nullptr, &issuer, nullptr);
    if (!own_version || own_version->content != "\x01" || certificate == nullptr || issuer == nullptr) return false;
    if (der_of<X509_NAME, i2d_X509_NAME>(issuer) !=
        der_of<X509_NAME, i2d_X509_NAME>(X509_get_issuer_name(certificate))) {
      return false;
    }
    if (!algorithms_fit(cms, sk_CMS_SignerInfo_value(signers, i))) return false;
    used.insert(der_of<X509_ALGOR, i2d_X509_ALGOR>(digest));
  }
  std::string expected;
  for (const std::string& one : used) expected += one;
  return !used.empty() && digests->content == expected;
}

}  // namespace

struct CmsSigner::State {
  Key key;
  Certificate certificate;
};
CmsSigner::CmsSigner(std::unique_ptr<State> state) : state_(std::move(state)) {}
CmsSigner::CmsSigner(CmsSigner&&) noexcept = default;
CmsSigner::~CmsSigner() = default;

Result<CmsSigner> CmsSigner::parse(std::string_view pem) {
  auto state = std::make_unique<State>();
  const Bio in = memory_of(pem);
  state->key.reset(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
  auto certificates = certificates_of(pem);
  if (!state->key && pem.find("ENCRYPTED") != std::string_view::npos) {
    return fail(ErrorCode::kUnsupported, "the key has a passphrase", {}, 0, "sign with a key without one");
  }
  if (!state->key || certificates.empty()) {
    return openssl_error(ErrorCode::kUsage, "a PEM file with a private key and its certificate is needed");
  }
  state->certificate = std::move(certificates.front());
  if (X509_check_private_key(state->certificate.get(), state->key.get()) != 1) {
    return openssl_error(ErrorCode::kUsage, "key and certificate do not belong together");
  }
  if (EVP_PKEY_get_id(state->key.get()) == EVP_PKEY_ED25519) {
    return fail(ErrorCode::kUnsupported, "OpenSSL 3.0 makes no CMS signature with Ed25519", {}, 0,
                "use a P-256 key here, and an OpenSSH key for Ed25519");
  }
  return CmsSigner(std::move(state));
}

Result<std::string> CmsSigner::sign(std::string_view message) const {
  const Bio in = memory_of(message);
  const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_CADES;  // the signature covers its certificate too
  const Cms cms(CMS_sign(state_->certificate.get(), state_->key.get(), nullptr, in.get(), flags));
  const Bio out(BIO_new(BIO_s_mem()));
  if (!cms || i2d_CMS_bio(out.get(), cms.get()) != 1) {
    return openssl_error(ErrorCode::kInternal, "the CMS signature cannot be made");
  }
  return content_of(out.get());
}

std::string CmsSigner::subject() const { return subject_of(state_->certificate.get()); }
std::string CmsSigner::certificate_sha256() const { return digest_of(state_->certificate.get()); }

Result<CmsSignerInfo> verify_cms_signature(std::string_view der, std::string_view message,
                                           std::string_view authorities_pem) {
  const Bio in = memory_of(der);
  const Cms cms(d2i_CMS_bio(in.get(), nullptr));
  if (!cms || BIO_pending(in.get()) != 0) return openssl_error(ErrorCode::kVerification, "not a CMS signature");
  const Store store(X509_STORE_new());
  for (const Certificate& one : certificates_of(authorities_pem)) X509_STORE_add_cert(store.get(), one.get());
  unsigned flags = CMS_BINARY;
  // OpenSSL compares the named certificate only where it checks the chain.
  flags |= authorities_pem.empty() ? CMS_NO_SIGNER_CERT_VERIFY : CMS_CADES;
  const Bio content = memory_of(message);
  if (CMS_verify(cms.get(), nullptr, store.get(), content.get(), nullptr, flags) != 1) {
    return openssl_error(ErrorCode::kVerification, "the CMS signature is not valid for this content");
  }
  // DER has one spelling: a changed byte that no signature covers would else go unseen.
  const Bio again(BIO_new(BIO_s_mem()));
  if (i2d_CMS_bio(again.get(), cms.get()) != 1 || content_of(again.get()) != der) {
    return fail(ErrorCode::kVerification, "the CMS signature is not written as DER");
  }
  STACK_OF(X509)* signers = CMS_get0_signers(cms.get());
  const std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * one) { sk_X509_free(one); })> owned(signers);
  if (sk_X509_num(signers) < 1) return fail(ErrorCode::kVerification, "the CMS signature names no signer");
  if (!certificates_are_signed(cms.get(), signers)) {
    return openssl_error(ErrorCode::kVerification, "the CMS signature does not cover its certificate");
  }
  if (!frame_is_right(cms.get(), der)) {
    return fail(ErrorCode::kVerification,
                "the CMS signature's versions, digests or issuer are not those of its signer");
  }
  X509* first = sk_X509_value(signers, 0);
  return CmsSignerInfo{subject_of(first), digest_of(first)};
}

Result<std::string> timestamp_request(std::string_view message) {
  const std::unique_ptr<TS_REQ, Releases<TS_REQ_free>> request(TS_REQ_new());
  const std::unique_ptr<TS_MSG_IMPRINT, Releases<TS_MSG_IMPRINT_free>> imprint(TS_MSG_IMPRINT_new());
  const std::unique_ptr<X509_ALGOR, Releases<X509_ALGOR_free>> algorithm(X509_ALGOR_new());
  auto digest = sha256_raw(as_byte_span(message));
  if (!request || !imprint || !algorithm ||
      X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) != 1 ||
      TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) != 1 ||
      TS_MSG_IMPRINT_set_msg(imprint.get(), static_cast<unsigned char*>(static_cast<void*>(digest.data())), 32) != 1 ||
      TS_REQ_set_version(request.get(), 1) != 1 || TS_REQ_set_msg_imprint(request.get(), imprint.get()) != 1 ||
      TS_REQ_set_cert_req(request.get(), 1) != 1) {
    return openssl_error(ErrorCode::kInternal, "the time-stamp request cannot be made");
  }
  const Bio out(BIO_new(BIO_s_mem()));
  if (i2d_TS_REQ_bio(out.get(), request.get()) != 1) {
    return openssl_error(ErrorCode::kInternal, "the time-stamp request cannot be written");
  }
  return content_of(out.get());
}

struct CmsEncryptor::State {
  Output output;
  Cms cms;
  Bio sink;    ///< memory that OpenSSL writes into
  Bio stream;  ///< encrypts into `sink`; goes first

  Status drain() {
    char* data = nullptr;
    const long size = BIO_get_mem_data(sink.get(), &data);
    if (size <= 0) return {};
    const Status written = output(std::string_view(data, static_cast<std::size_t>(size)));
    (void)BIO_reset(sink.get());  // a memory BIO cannot fail to become empty
    return written;
  }
};
CmsEncryptor::CmsEncryptor(std::unique_ptr<State> state) : state_(std::move(state)) {}
CmsEncryptor::CmsEncryptor(CmsEncryptor&&) noexcept = default;
CmsEncryptor::~CmsEncryptor() {
  if (!state_) return;
  // BIO_new_CMS() puts its own filters in front of `sink`: free those, not what they end in.
  BIO* filter = state_->stream.release();
  while (filter != nullptr && filter != state_->sink.get()) {
    BIO* next = BIO_pop(filter);
    BIO_free(filter);
    filter = next;
  }
}

Result<CmsEncryptor> CmsEncryptor::begin(const std::vector<std::string>& certificates_pem, Output output) {
  const Stack recipients(sk_X509_new_null());
  for (const std::string& pem : certificates_pem) {
    auto certificates = certificates_of(pem);
    if (certificates.empty()) return fail(ErrorCode::kUsage, "a recipient's file holds no certificate");
    for (Certificate& one : certificates) sk_X509_push(recipients.get(), one.release());
  }
  if (sk_X509_num(recipients.get()) < 1) return fail(ErrorCode::kUsage, "nobody to encrypt to");
  auto state = std::make_unique<State>();
  state->output = std::move(output);
  const unsigned flags = CMS_BINARY | CMS_STREAM | CMS_PARTIAL;
  state->cms.reset(CMS_encrypt(recipients.get(), nullptr, EVP_aes_256_cbc(), flags));
  state->sink.reset(BIO_new(BIO_s_mem()));
  if (!state->cms || !state->sink) return openssl_error(ErrorCode::kUsage, "the recipients' keys cannot be used");
  state->stream.reset(BIO_new_CMS(state->sink.get(), state->cms.get()));
  if (!state->stream) return openssl_error(ErrorCode::kInternal, "encryption cannot begin");
  return CmsEncryptor(std::move(state));
}

Status CmsEncryptor::write(std::string_view content) {
  while (!content.empty()) {
    const auto step = static_cast<int>(std::min<std::size_t>(content.size(), 1 << 20));
    const int written = BIO_write(state_->stream.get(), content.data(), step);
    if (written <= 0) return openssl_error(ErrorCode::kInternal, "the content cannot be encrypted");
    content.remove_prefix(static_cast<std::size_t>(written));
    TRIAGE_TRY_STATUS(state_->drain());
  }
  return {};
}

Status CmsEncryptor::finish() {
  if (BIO_flush(state_->stream.get()) != 1) {
    return openssl_error(ErrorCode::kInternal, "the encrypted content cannot be ended");
  }
  return state_->drain();
}

}  // namespace triage
