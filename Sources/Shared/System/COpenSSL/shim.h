// OpenSSL 3, and functions for those of its names that are macros, which Swift cannot see.
#pragma once
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// To be called before anything else of OpenSSL's, again and again if that is simpler: keeps it from taking itself apart at
// exit(3), while other threads of the process may still be using it.
static inline void openssl_shim_prepare(void) { OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL); }

static inline int openssl_shim_set_min_proto_version(SSL_CTX *context, int version) {
  return (int)SSL_CTX_set_min_proto_version(context, version);
}
static inline int openssl_shim_set_groups(SSL_CTX *context, const char *groups) {
  return (int)SSL_CTX_set1_groups_list(context, groups);
}
static inline long openssl_shim_set_mode(SSL_CTX *context, long mode) {
  return SSL_CTX_set_mode(context, mode);
}
static inline long openssl_shim_set_session_cache_mode(SSL_CTX *context, long mode) {
  return SSL_CTX_set_session_cache_mode(context, mode);
}
static inline void openssl_shim_set_read_ahead(SSL_CTX *context, int enabled) {
  SSL_CTX_set_read_ahead(context, enabled);
}
static inline int openssl_shim_set_server_name(SSL *ssl, const char *name) {
  return (int)SSL_set_tlsext_host_name(ssl, name);
}
static inline int openssl_shim_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
  return (int)SSL_CTX_add1_chain_cert(context, certificate);
}
static inline void openssl_shim_bio_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void openssl_shim_bio_set_retry_write(BIO *bio) { BIO_set_retry_write(bio); }
static inline void openssl_shim_bio_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }
static inline EVP_PKEY *openssl_shim_generate_p256_key(void) { return EVP_EC_gen("P-256"); }
static inline long openssl_shim_bio_memory(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }
static inline int openssl_shim_sk_x509_count(const STACK_OF(X509) *stack) { return sk_X509_num(stack); }
static inline X509 *openssl_shim_sk_x509_value(const STACK_OF(X509) *stack, int index) {
  return sk_X509_value(stack, index);
}
static inline int openssl_shim_sk_general_name_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline GENERAL_NAME *openssl_shim_sk_general_name_value(const GENERAL_NAMES *names, int index) {
  return sk_GENERAL_NAME_value(names, index);
}
static inline STACK_OF(X509) *openssl_shim_sk_x509_new(void) { return sk_X509_new_null(); }
static inline int openssl_shim_sk_x509_push(STACK_OF(X509) *stack, X509 *certificate) {
  return sk_X509_push(stack, certificate);
}
// Frees the stack, not what it holds.
static inline void openssl_shim_sk_x509_free(STACK_OF(X509) *stack) { sk_X509_free(stack); }
static const uint64_t openssl_shim_connection_options = SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION;
static const uint64_t openssl_shim_server_options = SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA;
