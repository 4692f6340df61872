// A real OpenID Connect provider for the tests: `node provider.mjs PORT CALLBACK`. It signs in whoever the
// parameter login_hint names, without asking, and says on standard output that it is there.
import Provider from 'oidc-provider';

const [port, callback] = process.argv.slice(2);
const people = {
  ana: { email: 'ana@firm.example', email_verified: true, groups: ['people-team', 'chess'] },
  unverified: { email: 'li@firm.example', email_verified: false },
  stranger: { email: 'stranger@firm.example', email_verified: true },
  thief: { email: 'ana@firm.example', email_verified: true },
  plain: { email: 'zhang@firm.example', email_verified: true },
};

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: 'rapport', client_secret: 'a secret of the tests', redirect_uris: [callback] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['groups'] },
  cookies: { keys: ['a key of the tests'] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const login = { accountId: params.login_hint };
  await provider.interactionFinished(ctx.req, ctx.res, { login }, { mergeWithLastSubmission: false });
  ctx.respond = false;
});

provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
