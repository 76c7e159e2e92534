"""Login from an LMS (Moodle, Canvas, Open edX …) by LTI 1.3, in place of accounts of the machine.

Lies beside jupyterhub_config.py, whose last line reads it: ``load_subconfig("lti13.py")``. The LMS
gives these values when JupyterHub is registered there as a tool; docs/hosting/jupyterhub.md says
what it has to be given.
"""

c = get_config()
c.JupyterHub.authenticator_class = "ltiauthenticator.lti13.auth.LTI13Authenticator"
c.LTI13Authenticator.issuer = "https://lms.example.jp"
c.LTI13Authenticator.authorize_url = "https://lms.example.jp/mod/lti/auth.php"
c.LTI13Authenticator.jwks_endpoint = "https://lms.example.jp/mod/lti/certs.php"
c.LTI13Authenticator.client_id = {"the-client-id-of-the-lms"}
# Whose name a learner has everywhere: one that stays, and that nbgrader takes (no "+", no space).
c.LTI13Authenticator.username_key = "sub"
c.LTI13Authenticator.uri_scheme = "https"
c.Authenticator.allow_all = True  # whoever the LMS sends
